import type { HealthCheck } from '../../report/health-report.ts'
import { ok, problem } from './look.ts'

/** More, and Temporal's time-outs and S3's signatures go wrong. */
const MAX_SKEW_SECONDS = 30

/** @param skewSeconds this machine's clock minus the other one; null: the other one tells no time */
export function clockCheck(skewSeconds: number | null, other: string): HealthCheck {
  const name = `clock of ${other}`
  if (skewSeconds === null) return ok(name, 'not told')
  const seconds = Math.abs(skewSeconds).toFixed(0)
  if (Math.abs(skewSeconds) <= MAX_SKEW_SECONDS) return ok(name, `${seconds} s apart`)
  return problem(
    name,
    `${seconds} s ${skewSeconds > 0 ? 'behind' : 'ahead of'} this machine's`,
    'Let both machines set their clocks by NTP.',
  )
}
