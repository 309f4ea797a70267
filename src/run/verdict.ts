import type { GateUnit } from './figures.ts'

/** Outcomes of a gate, from best to worst; the run's verdict is the worst of them. */
export const gateOutcomes = ['pass', 'not-computable', 'warn', 'hold', 'fail'] as const

export type GateOutcome = (typeof gateOutcomes)[number]

/** What a gate does to the run. */
export type GateEffect = Exclude<GateOutcome, 'not-computable'>

/** What people need to decide about a gate that did not pass. */
export interface GatePage {
  /** What it looks at. */
  readonly meaning: string
  /** One sentence with the figures. */
  readonly message: string
  readonly why: string
  readonly remedy: string
  /** Customers whom it is about; null: it is about rows, or about everybody. */
  readonly customers: number | null
  /** Command or SQL that lists them, `RUN` for the run; null: nothing does. */
  readonly list: string | null
}

/** A check as a run's status has it. */
export interface ShortCheck {
  readonly gate: string
  /** Null when the gate could not be computed (first run: nothing to compare with). */
  readonly value: number | null
  readonly outcome: GateOutcome
  /** The threshold that decided, as text for people: `above 0.35`. Null when nothing was crossed. */
  readonly threshold: string | null
  /** What it does to the run, where that is not what its outcome says: policies for gates that could not be computed, and for first runs. */
  readonly effect?: GateEffect
  /** Absent: a share. */
  readonly unit?: GateUnit
}

/** The same, with what there is to say where it did not pass. */
export interface StatusCheck extends ShortCheck {
  readonly page?: GatePage
}

/** What a gate saw of one segment, source or feature. */
export interface SeenValue {
  readonly subject: string
  readonly value: number
  /** Customers more or fewer, of a gate that lets small changes pass. */
  readonly customers?: number
}

/** One gate of `validate`, computed. */
export interface GateCheck extends StatusCheck {
  /** One sentence with the figures. */
  readonly message: string
  /** Segment, source or feature that decided. Absent: it is about everybody. */
  readonly subject?: string
  /** All that were looked at, so that other thresholds can be tried on them. Absent: the value is all. */
  readonly seen?: readonly SeenValue[]
}

/** What a check does to the run. */
export function effectOf({ outcome, effect }: Pick<ShortCheck, 'outcome' | 'effect'>): GateEffect {
  return effect ?? (outcome === 'not-computable' ? 'pass' : outcome)
}

/** The worst that a check does; `not-computable` where none does anything, and one of them could not be computed. */
export function verdictOf(checks: readonly Pick<ShortCheck, 'outcome' | 'effect'>[]): GateOutcome {
  const worst = worstOutcome(checks.map(effectOf))
  return worst === 'pass' && checks.some(({ outcome }) => outcome === 'not-computable') ? 'not-computable' : worst
}

/** Without sentences. */
export function toShortCheck({ gate, outcome, value, threshold, effect, unit }: ShortCheck): ShortCheck {
  return { gate, outcome, value, threshold, ...(effect && { effect }), ...(unit && { unit }) }
}

/** With its page, where it has one. */
export function toStatusCheck(check: StatusCheck): StatusCheck {
  return { ...toShortCheck(check), ...(check.page && { page: check.page }) }
}

export function worstOutcome<Outcome extends GateOutcome>(outcomes: readonly Outcome[]): Outcome | 'pass' {
  return outcomes.reduce<Outcome | 'pass'>(
    (worst, outcome) => (gateOutcomes.indexOf(outcome) > gateOutcomes.indexOf(worst) ? outcome : worst),
    'pass',
  )
}
