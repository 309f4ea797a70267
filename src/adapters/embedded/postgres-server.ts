import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { chown, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import pg from 'pg'
import { ServerNotStarted } from '../../errors/server-not-started.ts'
import { placePostgres, type PostgresFiles } from './postgres-files.ts'
import { launchServer, type RunningServer } from './running-server.ts'
import type { ServerStart } from './server-start.ts'
import type { StateSecrets } from './state-folder.ts'

const USER = 'resegment'
const DATABASE = 'warehouse'

/** Postgres 18 from npm, one cluster a state folder. */
export async function startPostgres(
  start: ServerStart,
  secrets: StateSecrets,
  options: { readonly durable: boolean },
): Promise<RunningServer> {
  const files = await placePostgres(start.stateFolder, start.onStep)
  const dataFolder = await ensureCluster(start, files, secrets)
  const [port] = await start.freePorts(1)
  const urlOf = (database: string): string =>
    `postgres://${USER}:${secrets.warehousePassword}@127.0.0.1:${port}/${database}`
  const server = (process: RunningServer['process']): RunningServer => ({
    kind: 'warehouse',
    process,
    ports: [port!],
    endpoints: { warehouse: urlOf(DATABASE) },
    overrides: { WAREHOUSE_URL: urlOf(DATABASE) },
  })
  const settings = {
    listen_addresses: '127.0.0.1',
    // The default is a folder that the owner may not write to everywhere.
    unix_socket_directories: '',
    timezone: 'UTC',
    log_timezone: 'UTC',
    // Publishing a million customers would otherwise force checkpoints in its middle.
    max_wal_size: '4GB',
    ...(options.durable ? {} : { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' }),
  }
  const process = await launchServer({
    kind: 'warehouse',
    title: 'The warehouse',
    program: join(files.programFolder, 'bin', 'postgres'),
    args: [
      ...['-D', dataFolder, '-p', String(port)],
      ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
    ],
    env: { ...start.env, LC_ALL: 'C' },
    cwd: files.homeFolder,
    owner: files.owner,
    logPath: start.logPath('warehouse'),
    signal: start.signal,
    healthy: () => ensureDatabase(urlOf('postgres')),
    spawned: (identity) => start.spawned(server(identity)),
  })
  return server(process)
}

/** The data folder, made at the first start. One that belongs to an earlier state folder of the same path is replaced. */
async function ensureCluster(start: ServerStart, files: PostgresFiles, secrets: StateSecrets): Promise<string> {
  const dataFolder = join(files.homeFolder, 'data')
  const idPath = join(files.homeFolder, 'state-id')
  const id = await readFile(idPath, 'utf8').catch(() => undefined)
  if (existsSync(dataFolder) && id === secrets.id) return dataFolder
  await rm(dataFolder, { recursive: true, force: true })
  const partial = join(files.homeFolder, 'data.partial')
  await rm(partial, { recursive: true, force: true })
  await mkdir(partial, { mode: 0o700 })
  const passwordFile = join(files.homeFolder, 'password.partial')
  try {
    await writeFile(passwordFile, `${secrets.warehousePassword}\n`, { mode: 0o600 })
    if (files.owner) {
      await chown(partial, files.owner.uid, files.owner.gid)
      await chown(passwordFile, files.owner.uid, files.owner.gid)
    }
    await promisify(execFile)(
      join(files.programFolder, 'bin', 'initdb'),
      [
        ...['-D', partial, '-U', USER, '--auth=scram-sha-256', `--pwfile=${passwordFile}`, '--no-sync'],
        // The same order of text on every machine, whatever locales it has.
        ...['--encoding=UTF8', '--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'],
      ],
      { cwd: files.homeFolder, env: { ...start.env, LC_ALL: 'C' }, ...files.owner },
    )
  } catch (cause) {
    const output = (cause as { stderr?: string }).stderr?.trim()
    throw new ServerNotStarted(
      `The warehouse (initdb) could not be set up in ${files.homeFolder}: ${output || (cause as Error).message}`,
      'Remove what is in the way and start again.',
      { cause },
    )
  } finally {
    await rm(passwordFile, { force: true })
  }
  await rename(partial, dataFolder)
  await writeFile(idPath, secrets.id, { mode: 0o600 })
  return dataFolder
}

async function ensureDatabase(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2_000 })
  client.on('error', () => {}) // The query's own rejection says it.
  await client.connect()
  try {
    const found = await client.query('select 1 from pg_database where datname = $1', [DATABASE])
    if (found.rowCount === 0) await client.query(`create database ${DATABASE}`)
  } finally {
    await client.end()
  }
}
