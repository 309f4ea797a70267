import { execFile, spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { chmod, chown, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { existsSync } from 'node:fs'
import getPort from 'get-port'
import pg from 'pg'
import { placePostgres, removeOutsideFolder } from '../../../src/adapters/embedded/postgres-files.ts'

export interface OtherServer {
  readonly url: string
  stop(): Promise<void>
}

export interface OwnPostgres extends OtherServer {
  /** Folder of the user whom the server runs as, who may write there. */
  readonly homeFolder: string
  /** Whom files of the server belong to; undefined: to us. */
  readonly owner: { readonly uid: number; readonly gid: number } | undefined
  /** A fast shutdown, which ends every connection, and a start. */
  restart(): Promise<void>
  /** @param stopped done before its files are removed */
  stop(stopped?: () => void): Promise<void>
}

/** A Postgres of a test's own, from an npm package: of another version than the embedded one, or to do with what one likes. */
export async function startPostgres(wrapper: string): Promise<OwnPostgres> {
  const stateFolder = await mkdtemp(join(tmpdir(), 'resegment-postgres-'))
  const { programFolder, homeFolder, owner } = await placePostgres(stateFolder, () => undefined, wrapper)
  const dataFolder = join(homeFolder, 'data')
  await mkdir(dataFolder, { mode: 0o700 })
  if (owner) await chown(dataFolder, owner.uid, owner.gid)
  const options = { cwd: homeFolder, env: { LC_ALL: 'C' }, ...owner }
  await promisify(execFile)(
    join(programFolder, 'bin', 'initdb'),
    ['-D', dataFolder, '-U', 'resegment', '--auth=trust', '--no-sync', '--encoding=UTF8', '--locale=C'],
    options,
  )
  const port = await getPort()
  const settings = ['listen_addresses=127.0.0.1', 'unix_socket_directories=', 'fsync=off', 'timezone=UTC']
  const url = `postgres://resegment@127.0.0.1:${port}/postgres`
  const start = async (): Promise<ChildProcess> => {
    const started = spawn(
      join(programFolder, 'bin', 'postgres'),
      ['-D', dataFolder, '-p', String(port), ...settings.flatMap((setting) => ['-c', setting])],
      { ...options, stdio: 'ignore' },
    )
    await answers(url, started)
    return started
  }
  let server = await start()
  return {
    ...{ url, homeFolder, owner },
    async restart() {
      await end(server, 'SIGINT')
      server = await start()
    },
    async stop(stopped) {
      await end(server, 'SIGINT')
      stopped?.()
      await removeOutsideFolder(stateFolder)
      await rm(stateFolder, { recursive: true, force: true })
    },
  }
}

export function findPgBouncer(): string | undefined {
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin']
  return folders.map((folder) => join(folder, 'pgbouncer')).find((path) => existsSync(path))
}

/** PgBouncer in transaction mode before a server. Few connections, so that they are lent again and again. */
export async function startPgBouncer(program: string, behind: string): Promise<OtherServer> {
  const folder = await mkdtemp(join(tmpdir(), 'resegment-pgbouncer-'))
  const { hostname, port: serverPort, username, password, pathname } = new URL(behind)
  const port = await getPort()
  const file = join(folder, 'pgbouncer.ini')
  await writeFile(
    file,
    [
      '[databases]',
      `pooled = host=${hostname} port=${serverPort} dbname=${pathname.slice(1)} user=${username} password=${password}`,
      '[pgbouncer]',
      `listen_addr = 127.0.0.1\nlisten_port = ${port}\nunix_socket_dir =\nauth_type = any`,
      'pool_mode = transaction\ndefault_pool_size = 3\nserver_reset_query_always = 0',
    ].join('\n'),
  )
  await chmod(folder, 0o755)
  // It does not run as root.
  const nobody = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {}
  const server = spawn(program, [file], { stdio: 'ignore', cwd: folder, ...nobody })
  const url = `postgres://anybody@127.0.0.1:${port}/pooled`
  await answers(url, server)
  return {
    url,
    async stop() {
      await end(server, 'SIGTERM')
      await rm(folder, { recursive: true, force: true })
    },
  }
}

async function answers(url: string, server: ChildProcess): Promise<void> {
  for (;;) {
    const client = new pg.Client({ connectionString: url })
    client.on('error', () => undefined)
    try {
      await client.connect()
      await client.end()
      return
    } catch (error) {
      if (server.exitCode !== null)
        throw new Error(`${server.spawnfile} ended with ${server.exitCode}`, { cause: error })
      await sleep(50)
    }
  }
}

async function end(server: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (server.exitCode !== null) return
  const ended = once(server, 'exit')
  server.kill(signal)
  await ended
}
