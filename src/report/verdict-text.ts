import type { GateOutcome } from '../run/verdict.ts'

/** What a judgement was about. */
export interface Judged {
  readonly verdict: GateOutcome
  /** Null: there was nothing to compare with. */
  readonly moved: number | null
}

/** `pass`; where checks could not be computed, what that means: all others passed. */
export function verdictText({ verdict, moved }: Judged): string {
  if (verdict !== 'not-computable') return verdict
  return moved === null ? 'pass, with nothing to compare with yet' : 'pass, but not every check could be computed'
}

/** The same for a column. */
export function shortVerdict({ verdict, moved }: Judged): string {
  if (verdict !== 'not-computable') return verdict
  return moved === null ? 'pass (first run)' : 'pass (in part)'
}

/** Outcome of one check. */
export function outcomeText(outcome: GateOutcome, moved: number | null): string {
  if (outcome !== 'not-computable') return outcome
  return moved === null ? 'nothing to compare with yet' : 'could not be computed'
}
