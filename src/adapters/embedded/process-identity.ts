import { execFile } from 'node:child_process'
import { readFile, readlink } from 'node:fs/promises'
import { basename } from 'node:path'
import { promisify } from 'node:util'

/** One process, told apart from a later one that got the same number. */
export interface ProcessIdentity {
  readonly pid: number
  /** Opaque; equal for equal processes only. */
  readonly startedAt: string
  /** File name of the program. */
  readonly command: string
}

/** @returns undefined when no such process runs; one that ended and waits to be reaped does not run */
export async function identifyProcess(pid: number): Promise<ProcessIdentity | undefined> {
  return process.platform === 'linux' ? identifyByProc(pid) : identifyByPs(pid)
}

export async function isRunning(identity: ProcessIdentity): Promise<boolean> {
  const now = await identifyProcess(identity.pid)
  return now !== undefined && now.startedAt === identity.startedAt && now.command === identity.command
}

const SIGNAL_INTERVAL_MS = 25

/**
 * Sends one signal after the other until the process is gone. A process that only has the same number is left alone.
 *
 * @param signals each with the time it gets, the last one should be SIGKILL
 */
export async function endProcess(
  identity: ProcessIdentity,
  signals: readonly { readonly signal: NodeJS.Signals; readonly waitMs: number }[],
): Promise<void> {
  for (const { signal, waitMs } of signals) {
    if (!(await isRunning(identity))) return
    try {
      process.kill(identity.pid, signal)
    } catch {
      return // It ended in between.
    }
    for (let waited = 0; waited < waitMs; waited += SIGNAL_INTERVAL_MS) {
      await new Promise((resolve) => setTimeout(resolve, SIGNAL_INTERVAL_MS))
      if (!(await isRunning(identity))) return
    }
  }
}

async function identifyByProc(pid: number): Promise<ProcessIdentity | undefined> {
  try {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8')
    // The command in parentheses may itself hold spaces and parentheses; fields are counted behind the last one.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    const state = fields[0]
    const ticksSinceBoot = fields[19]
    if (state === 'Z' || state === 'X' || ticksSinceBoot === undefined) return undefined
    const boot = (await readFile('/proc/sys/kernel/random/boot_id', 'utf8').catch(() => '')).trim()
    const comm = stat.slice(stat.indexOf('(') + 1, stat.lastIndexOf(')'))
    const program = await readlink(`/proc/${pid}/exe`).catch(() => comm)
    return { pid, startedAt: `${boot}:${ticksSinceBoot}`, command: basename(program.replace(/ \(deleted\)$/, '')) }
  } catch {
    return undefined
  }
}

async function identifyByPs(pid: number): Promise<ProcessIdentity | undefined> {
  try {
    const { stdout } = await promisify(execFile)('ps', ['-o', 'stat=,lstart=,comm=', '-p', String(pid)], {
      env: { PATH: '/bin:/usr/bin', LC_ALL: 'C' },
    })
    // S+   Sun Nov 22 03:27:45 2026 /usr/local/bin/temporal
    const [, state, startedAt, command] = /^(\S+)\s+(\S+\s+\S+\s+\d+\s+[\d:]+\s+\d+)\s+(.+)$/.exec(stdout.trim()) ?? []
    if (!state || state.startsWith('Z') || !startedAt || !command) return undefined
    return { pid, startedAt, command: basename(command) }
  } catch {
    return undefined
  }
}
