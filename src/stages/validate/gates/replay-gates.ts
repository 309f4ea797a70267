import { effectOf, verdictOf, type GateCheck, type GateOutcome, type SeenValue } from '../../../run/verdict.ts'
import type { RecordedKind } from '../../../run/run-kind.ts'
import type { ValidateConfig } from '../config.ts'
import { gatesOf, type ConfiguredGate } from './check-gates.ts'
import type { GateFinding } from './entry.ts'
import { judgeGate } from './judge.ts'

/** What is kept of a gate of a run. */
export interface RecordedGate {
  readonly gate: string
  readonly outcome: GateOutcome
  readonly value: number | null
  readonly subject?: string
  readonly seen?: readonly SeenValue[]
}

/** A run as it is kept. */
export interface RecordedRun {
  readonly kind: RecordedKind
  /** Null: nothing was live before it. */
  readonly moved: number | null
  readonly checks: readonly RecordedGate[]
}

/** A gate of a past run under the thresholds of today; null: the run recorded no such gate. */
export interface ReplayedGate {
  readonly gate: string
  readonly then: GateOutcome | null
  readonly now: Pick<GateCheck, 'outcome' | 'effect' | 'value' | 'threshold' | 'unit' | 'subject'> | null
}

export interface ReplayedRun {
  readonly verdict: GateOutcome
  readonly gates: readonly ReplayedGate[]
}

/** Judges the values that a run recorded by the thresholds and policies of a pipeline as it is now. */
export function replayGates(config: ValidateConfig, run: RecordedRun): ReplayedRun {
  const has = (gate: string): boolean => run.checks.some((check) => check.gate === gate)
  const kind = run.kind === 'score' ? 'score' : has('outlierShare') ? 'kept' : 'fitted'
  const gates = gatesOf(config, kind).map((configured): ReplayedGate => {
    const recorded = run.checks.find(({ gate }) => gate === configured.gate)
    if (!recorded) return { gate: configured.gate, then: null, now: null }
    return {
      gate: configured.gate,
      then: recorded.outcome,
      now: replay(config, configured, recorded, run.moved === null),
    }
  })
  return { gates, verdict: verdictOf(gates.flatMap(({ now }) => (now ? [now] : []))) }
}

function replay(
  config: ValidateConfig,
  configured: ConfiguredGate,
  { value, subject, seen = [] }: RecordedGate,
  isFirstRun: boolean,
): ReplayedGate['now'] {
  const one: GateFinding = { value, message: '', ...(subject !== undefined && { subject }) }
  const findings = seen.map(({ customers, ...found }): GateFinding => ({
    ...found,
    message: '',
    ...(customers !== undefined && { changed: customers }),
  }))
  // What could not be computed then cannot be now.
  const all = findings.length === 0 || value === null ? [one, ...findings] : findings
  const check = judgeGate({ ...configured, isFirstRun }, all, config)
  const { outcome, threshold, unit } = check
  return {
    ...{ outcome, threshold, value: check.value, effect: effectOf(check) },
    ...(unit && { unit }),
    ...(check.subject !== undefined && { subject: check.subject }),
  }
}
