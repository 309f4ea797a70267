import { constants } from 'node:os'
import { startStack, type Stack, type StackOptions } from './stack.ts'

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
/** How long `use` may take to end after the signal, before the servers are stopped under it. */
const GRACE_MS = 20_000

/**
 * Starts the servers, lets `use` work with them and stops them: when it returns, when it throws, and on Ctrl-C, SIGTERM or SIGHUP, also
 * during the start. After a signal the process ends with 128 + its number; a second signal does not wait for `use`.
 *
 * @param use gets a signal that aborts on Ctrl-C: end soon and return
 */
export async function withStack<T>(
  options: Omit<StackOptions, 'signal'>,
  use: (stack: Stack, interrupted: AbortSignal) => Promise<T>,
): Promise<T> {
  const interrupt = new AbortController()
  // Work that waits for nothing but a signal would otherwise let Node end, and the servers run on.
  const alive = setInterval(() => {}, 60_000)
  let stack: Stack | undefined
  let working: Promise<unknown> = Promise.resolve()
  const release = onTermination(async (again) => {
    interrupt.abort(new Error('Interrupted.'))
    await Promise.race([working.catch(() => {}), again, elapsed(GRACE_MS)])
    await stack?.stop()
  })
  try {
    const starting = startStack({ ...options, signal: interrupt.signal })
    working = starting
    stack = await starting
    interrupt.signal.throwIfAborted()
    const used = use(stack, interrupt.signal)
    working = used
    return await used
  } finally {
    await stack?.stop()
    // After a signal the handler above ends the process; nobody should see what `use` made of the interruption.
    if (interrupt.signal.aborted) await new Promise(() => {})
    release()
    clearInterval(alive)
  }
}

type Stop = (again: Promise<void>) => Promise<void>

/** What a signal has to end, the outermost first: servers, then those who work with them. */
const stops: Stop[] = []
let hurry: (() => void) | undefined

/**
 * Calls `stop` on the first Ctrl-C, SIGTERM or SIGHUP, after those that were added later, and then ends the process with 128 + the
 * signal's number.
 *
 * @param stop gets a promise that settles at a second signal
 * @returns a function that takes `stop` away
 */
export function onTermination(stop: Stop): () => void {
  if (stops.length === 0) for (const signal of SIGNALS) process.on(signal, terminate)
  stops.push(stop)
  return () => {
    const index = stops.indexOf(stop)
    if (index !== -1) stops.splice(index, 1)
    // While the process ends a second signal must not kill it.
    if (stops.length === 0 && !hurry) for (const signal of SIGNALS) process.off(signal, terminate)
  }
}

function terminate(signal: NodeJS.Signals): void {
  if (hurry) return hurry()
  const again = new Promise<void>((resolve) => (hurry = resolve))
  const exit = (): never => process.exit(128 + (constants.signals[signal] ?? 0))
  stopAll([...stops].reverse(), again).then(exit, exit)
}

async function stopAll(innermostFirst: readonly Stop[], again: Promise<void>): Promise<void> {
  for (const stop of innermostFirst) await stop(again).catch(() => undefined)
}

function elapsed(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds).unref())
}
