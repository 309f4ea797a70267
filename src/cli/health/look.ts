import { ResegmentError } from '../../errors/resegment-error.ts'
import type { HealthCheck, HealthOutcome } from '../../report/health-report.ts'

/** A look that takes longer tells as much as one that fails. */
const LONGEST_LOOK_MS = 20_000

/**
 * Runs looks that belong together: what they throw is what is wrong, and a server that does not answer is given up. Nothing that fails here
 * hides what others find.
 */
export async function look(
  name: string,
  body: (signal: AbortSignal) => Promise<readonly HealthCheck[]>,
  { outcome = 'problem', longestMs = LONGEST_LOOK_MS }: { outcome?: HealthOutcome; longestMs?: number } = {},
): Promise<readonly HealthCheck[]> {
  const giveUp = new AbortController()
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new Error(`no answer in ${longestMs / 1000} s`))
      giveUp.abort()
    }, longestMs)
  })
  const looking = body(giveUp.signal)
  looking.catch(() => undefined) // Heard after the time-out by nobody.
  try {
    return await Promise.race([looking, late])
  } catch (error) {
    const isOurs = error instanceof ResegmentError
    const message = isOurs ? error.what : error instanceof Error ? error.message : String(error)
    return [{ name, outcome, message, remedy: isOurs ? error.remedy : 'See whether it runs, and can be reached.' }]
  } finally {
    clearTimeout(timer)
  }
}

export function ok(name: string, message: string): HealthCheck {
  return { name, outcome: 'ok', message, remedy: null }
}

export function warning(name: string, message: string, remedy: string): HealthCheck {
  return { name, outcome: 'warning', message, remedy }
}

export function problem(name: string, message: string, remedy: string): HealthCheck {
  return { name, outcome: 'problem', message, remedy }
}
