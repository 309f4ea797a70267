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

/**
 * Calls `stop` on the first Ctrl-C, SIGTERM or SIGHUP and then ends the process with 128 + the signal's number.
 *
 * @param stop gets a promise that settles at a second signal
 * @returns a function that takes the handlers away
 */
export function onTermination(stop: (again: Promise<void>) => Promise<void>): () => void {
  let stopping = false
  let hurry: () => void = () => {}
  const again = new Promise<void>((resolve) => (hurry = resolve))
  const handler = (signal: NodeJS.Signals): void => {
    if (stopping) return hurry()
    stopping = true
    const exit = (): never => process.exit(128 + (constants.signals[signal] ?? 0))
    stop(again).then(exit, exit)
  }
  for (const signal of SIGNALS) process.on(signal, handler)
  return () => {
    for (const signal of SIGNALS) process.off(signal, handler)
  }
}

function elapsed(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds).unref())
}
