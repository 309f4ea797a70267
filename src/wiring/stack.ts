import { randomUUID } from 'node:crypto'
import { join, resolve } from 'node:path'
import { givenServers } from '../adapters/embedded/given-servers.ts'
import { startPostgres } from '../adapters/embedded/postgres-server.ts'
import { identifyProcess } from '../adapters/embedded/process-identity.ts'
import {
  isServerRunning,
  type Endpoints,
  type RunningServer,
  type ServerKind,
} from '../adapters/embedded/running-server.ts'
import { startS3 } from '../adapters/embedded/s3-server.ts'
import { findServer } from '../adapters/embedded/server-binary.ts'
import { TEMPORAL, VERSITYGW } from '../adapters/embedded/server-program.ts'
import { freeLoopbackPorts, type ServerStart } from '../adapters/embedded/server-start.ts'
import { startTemporal } from '../adapters/embedded/temporal-server.ts'
import {
  prepareStateFolder,
  readStackRecord,
  withStateLock,
  writeStackRecord,
  type StackRecord,
  type StateSecrets,
} from '../adapters/embedded/state-folder.ts'
import type { Environment } from '../config/environment.ts'
import { ServerNotStarted } from '../errors/server-not-started.ts'
import { leaveServers, takeOverServers } from './stack-users.ts'

export type { Endpoints } from '../adapters/embedded/running-server.ts'

export interface StackOptions {
  /** Data, logs and records of the servers. Same folder, same data. */
  readonly stateFolder: string
  readonly environment: Environment
  /** One line for each step, for a person who waits. Default: silence. */
  readonly onStep?: (line: string) => void
  /** Ends a start that is under way: what it started is stopped. Default: never. */
  readonly signal?: AbortSignal
  /** False trades safety of the warehouse at a power cut for speed: tests. Default: true. */
  readonly durable?: boolean
}

export interface Stack {
  /** Environment variables that lead everything else to these servers: for `readEnvironment`. Empty for servers that were given. */
  readonly overrides: Readonly<Record<string, string>>
  readonly endpoints: Endpoints
  /** Ends this use. The last user's end stops the servers that we started; given ones go on. May be called twice. */
  stop(): Promise<void>
  /** Ends this use and leaves the servers up, for the next user of the folder to take over. */
  keep(): Promise<void>
}

const KINDS: readonly ServerKind[] = ['temporal', 'warehouse', 's3']
const TITLES: Record<ServerKind, string> = { temporal: 'Temporal', warehouse: 'Warehouse', s3: 'S3' }

/**
 * Brings up the three servers: those the environment names are used as they are, those that another live process started for the same
 * folder are joined, the rest is started. Leftovers of a process that was killed are stopped first.
 *
 * @throws ServerMissing ServerNotStarted
 */
export async function startStack(options: StackOptions): Promise<Stack> {
  return openStack(options, 'host')
}

/**
 * Joins the servers that run in a state folder, so that they stay up for as long as they are used here; undefined when none run. Servers
 * that were left up on purpose stay up.
 */
export async function joinStack(options: StackOptions): Promise<Stack | undefined> {
  return (await readEndpoints(options.stateFolder, options.environment)) ? openStack(options, 'guest') : undefined
}

async function openStack(options: StackOptions, as: 'host' | 'guest'): Promise<Stack> {
  const stateFolder = resolve(options.stateFolder)
  const onStep = options.onStep ?? (() => {})
  const given = givenServers(options.environment.variables)
  const kinds = KINDS.filter((kind) => given[kind] === undefined)
  if (kinds.length === 0) return makeStack([], given, async () => {})
  for (const kind of KINDS) if (given[kind]) onStep(`${TITLES[kind]}: using the one that the environment names.`)
  const secrets = await prepareStateFolder(stateFolder)
  const user = { ...(await identifyProcess(process.pid))!, id: randomUUID() }
  const lockOptions = {
    signal: options.signal,
    onWait: () => onStep(`Waiting for another process that starts servers in ${stateFolder}.`),
  }
  const leave = (kept: boolean): Promise<void> =>
    withStateLock(stateFolder, {}, () => leaveServers(stateFolder, user.id, kept))
  const servers = await withStateLock(stateFolder, lockOptions, async () => {
    try {
      const record = await takeOverServers(stateFolder, user, as)
      return await startMissing(record, kinds, { ...options, stateFolder, onStep }, secrets)
    } catch (error) {
      await leaveServers(stateFolder, user.id, false)
      throw error
    }
  })
  return makeStack(servers, given, leave)
}

/** What runs in a state folder now, or is given; undefined when something is missing. Starts nothing and keeps nothing alive. */
export async function readEndpoints(
  stateFolder: string,
  environment: Environment,
): Promise<Pick<Stack, 'overrides' | 'endpoints'> | undefined> {
  const given = givenServers(environment.variables)
  const { servers } = await readStackRecord(resolve(stateFolder))
  const running: RunningServer[] = []
  for (const kind of KINDS) {
    if (given[kind] !== undefined) continue
    const server = servers.find((candidate) => candidate.kind === kind)
    if (!server || !(await isServerRunning(server))) return undefined
    running.push(server)
  }
  return makeStack(running, given, async () => {})
}

function makeStack(
  servers: readonly RunningServer[],
  given: Partial<Endpoints>,
  leave: (kept: boolean) => Promise<void>,
): Stack {
  let left: Promise<void> | undefined
  return {
    overrides: Object.assign({}, ...servers.map((server) => server.overrides)) as Record<string, string>,
    endpoints: Object.assign({}, ...servers.map((server) => server.endpoints), given) as Endpoints,
    stop: () => (left ??= leave(false)),
    keep: () => (left ??= leave(true)),
  }
}

type Starting = StackOptions & { readonly onStep: (line: string) => void }

async function startMissing(
  record: StackRecord,
  kinds: readonly ServerKind[],
  options: Starting,
  secrets: StateSecrets,
): Promise<readonly RunningServer[]> {
  const { stateFolder, environment, onStep } = options
  const failed = new AbortController()
  const signal = options.signal ? AbortSignal.any([options.signal, failed.signal]) : failed.signal
  let servers = [...record.servers]
  let ports = { ...record.ports }
  let written = Promise.resolve()
  const remember = (server: RunningServer): void => {
    servers = [...servers.filter((other) => other.kind !== server.kind), server]
    ports = { ...ports, [server.kind]: server.ports }
    written = written.then(() => writeStackRecord(stateFolder, { ...record, servers, ports }))
  }
  const startOf = (kind: ServerKind, attempt: number): ServerStart => ({
    stateFolder,
    env: serverEnvironment(environment),
    signal,
    onStep,
    freePorts: (count) => freeLoopbackPorts(count, attempt === 0 ? record.ports[kind] : []),
    logPath: (name) => join(stateFolder, 'logs', `${name}.log`),
    spawned: remember,
  })
  const find = { cacheFolder: environment.cacheFolder, variables: environment.variables, signal, onStep }
  // One build at a time: two together need twice the memory and are no faster.
  const s3Program = kinds.includes('s3') ? findServer(VERSITYGW, find) : Promise.resolve('')
  const temporalProgram = s3Program.then(() => (kinds.includes('temporal') ? findServer(TEMPORAL, find) : ''))
  const starters: Record<ServerKind, (start: ServerStart) => Promise<RunningServer>> = {
    temporal: async (start) => startTemporal(start, await temporalProgram),
    warehouse: (start) => startPostgres(start, secrets, { durable: options.durable ?? true }),
    s3: async (start) => startS3(start, await s3Program, secrets),
  }
  const missing = kinds.filter((kind) => !record.servers.some((server) => server.kind === kind))
  const starts = missing.map(async (kind) => {
    const begin = performance.now()
    const server = await withOtherPorts((attempt) => starters[kind](startOf(kind, attempt)))
    const seconds = ((performance.now() - begin) / 1000).toFixed(1)
    onStep(`${TITLES[kind]}: ready after ${seconds} s at ${addressOf(server)}.`)
  })
  try {
    await Promise.all(starts)
  } catch (error) {
    failed.abort(error)
    throw error
  } finally {
    await Promise.allSettled([...starts, s3Program, temporalProgram])
    await written
  }
  return servers.filter((server) => kinds.includes(server.kind))
}

/** Another program may take a port between our look and the server's start. */
async function withOtherPorts(start: (attempt: number) => Promise<RunningServer>): Promise<RunningServer> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await start(attempt)
    } catch (error) {
      const taken = error instanceof ServerNotStarted && /address (is )?already in use/i.test(error.message)
      if (!taken || attempt === 2) throw error
    }
  }
}

function addressOf(server: RunningServer): string {
  return `127.0.0.1:${server.ports[0]}`
}

function serverEnvironment(environment: Environment): Record<string, string> {
  const { PATH, HOME, TMPDIR } = environment.variables
  return { ...(PATH ? { PATH } : {}), ...(HOME ? { HOME } : {}), ...(TMPDIR ? { TMPDIR } : {}) }
}
