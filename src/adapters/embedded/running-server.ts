import { spawn } from 'node:child_process'
import { open, readFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { ServerNotStarted } from '../../errors/server-not-started.ts'
import { endProcess, identifyProcess, isRunning, type ProcessIdentity } from './process-identity.ts'

export type ServerKind = 'temporal' | 'warehouse' | 's3'

/** Addresses as a person or a program outside uses them. */
export interface Endpoints {
  /** host:port of Temporal's gRPC service. */
  readonly temporal: string
  /** Known only for a Temporal server of ours. */
  readonly temporalUi?: string
  /** Postgres URL, password included. */
  readonly warehouse: string
  readonly s3: string
}

/** A server of ours: what it takes to use it, and to stop it from another process. */
export interface RunningServer {
  readonly kind: ServerKind
  readonly process: ProcessIdentity
  /** The ports it listens on, the main one first. */
  readonly ports: readonly number[]
  readonly endpoints: Partial<Endpoints>
  /** Environment variables that lead everything else to it. */
  readonly overrides: Readonly<Record<string, string>>
}

export interface Launch {
  readonly kind: ServerKind
  readonly title: string
  readonly program: string
  readonly args: readonly string[]
  readonly env: Readonly<Record<string, string>>
  /** A folder that the server's user may enter. */
  readonly cwd: string
  readonly owner?: { readonly uid: number; readonly gid: number } | undefined
  readonly logPath: string
  readonly signal: AbortSignal | undefined
  /** Throws as long as the server does not answer in its own protocol. */
  healthy(): Promise<void>
  /** Called as soon as the process exists, so that it can be stopped even if this process is killed now. */
  spawned(process: ProcessIdentity): void
}

/** A cold start on a busy laptop with a slow disk; a normal one takes 1 to 3 seconds. */
const HEALTHY_WITHIN_MS = 90_000
const HEALTH_INTERVAL_MS = 50

/**
 * Starts a server in a process group of its own, so that Ctrl-C reaches us and not it, and waits until it answers.
 *
 * @throws ServerNotStarted with the end of its log
 */
export async function launchServer(launch: Launch): Promise<ProcessIdentity> {
  launch.signal?.throwIfAborted()
  const log = await open(launch.logPath, 'w', 0o600)
  let ended: string | undefined
  const child = spawn(launch.program, [...launch.args], {
    cwd: launch.cwd,
    env: launch.env,
    detached: true,
    stdio: ['ignore', log.fd, log.fd],
    ...launch.owner,
  })
  child.on('error', (error) => (ended = error.message))
  child.on('exit', (code, signal) => (ended = `it ended with ${signal ?? `exit code ${code}`}`))
  child.unref()
  await log.close()
  const identity = child.pid === undefined ? undefined : await identifyProcess(child.pid)
  if (identity) launch.spawned(identity)
  const until = performance.now() + HEALTHY_WITHIN_MS
  try {
    for (;;) {
      launch.signal?.throwIfAborted()
      if (ended !== undefined || !identity) throw await notStarted(launch, ended ?? 'it ended at once')
      try {
        await launch.healthy()
        // A program on the PATH may be a script that became the server meanwhile.
        const current = (await identifyProcess(identity.pid)) ?? identity
        if (current.command !== identity.command) launch.spawned(current)
        return current
      } catch (error) {
        const problem = error instanceof Error ? error.message : String(error)
        if (performance.now() > until)
          throw await notStarted(launch, `no answer in ${HEALTHY_WITHIN_MS / 1000} s (${problem})`)
      }
      await new Promise((resolve) => setTimeout(resolve, HEALTH_INTERVAL_MS))
    }
  } catch (error) {
    const current = ended === undefined && identity ? await identifyProcess(identity.pid) : undefined
    if (current) await endProcess(current, stopSignals(launch.kind))
    throw error
  }
}

/** Stops a server, whoever started it. Nothing happens when it does not run any more. */
export async function stopServer(server: RunningServer): Promise<void> {
  await endProcess(server.process, stopSignals(server.kind))
}

export async function isServerRunning(server: RunningServer): Promise<boolean> {
  return isRunning(server.process)
}

function stopSignals(kind: ServerKind): { signal: NodeJS.Signals; waitMs: number }[] {
  // Postgres waits for its clients on SIGTERM; SIGINT ends their sessions and shuts down cleanly.
  const first = kind === 'warehouse' ? 'SIGINT' : 'SIGTERM'
  return [
    { signal: first, waitMs: 10_000 },
    { signal: 'SIGQUIT', waitMs: 2_000 },
    { signal: 'SIGKILL', waitMs: 5_000 },
  ]
}

async function notStarted(launch: Launch, reason: string): Promise<ServerNotStarted> {
  const log = await readFile(launch.logPath, 'utf8').catch(() => '')
  const tail = log.trim().split('\n').slice(-12).join('\n')
  return new ServerNotStarted(
    `${launch.title} (${basename(launch.program)}) did not start: ${reason}.${tail ? ` The end of its log:\n${tail}\n` : ''}`,
    `Read ${launch.logPath}, remove what is in the way and start again.`,
  )
}
