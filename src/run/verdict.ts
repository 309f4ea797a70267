/** Outcomes of a gate, from best to worst; the run's verdict is the worst of them. */
export const gateOutcomes = ['pass', 'not-computable', 'warn', 'hold', 'fail'] as const

export type GateOutcome = (typeof gateOutcomes)[number]

/** One gate of `validate`, computed. */
export interface GateCheck {
  readonly gate: string
  /** Null when the gate could not be computed (first run: nothing to compare with). */
  readonly value: number | null
  readonly outcome: GateOutcome
  /** The threshold that decided, as text for people: `above 0.35`. Null when nothing was crossed. */
  readonly threshold: string | null
  /** One sentence with the figures. */
  readonly message: string
}

/** A check as a run's status has it. */
export type ShortCheck = Omit<GateCheck, 'message'>

/** @param check with or without its sentence */
export function toShortCheck({ gate, outcome, value, threshold }: ShortCheck): ShortCheck {
  return { gate, outcome, value, threshold }
}

export function worstOutcome(outcomes: readonly GateOutcome[]): GateOutcome {
  return outcomes.reduce<GateOutcome>(
    (worst, outcome) => (gateOutcomes.indexOf(outcome) > gateOutcomes.indexOf(worst) ? outcome : worst),
    'pass',
  )
}
