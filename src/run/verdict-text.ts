import { formatCount, formatThreshold } from './figures.ts'
import { wasPublished, type RunStatus } from './run-status.ts'
import { effectOf, type GateOutcome, type ShortCheck } from './verdict.ts'

/** Said of a comparison on a first run. */
export const NOTHING_TO_COMPARE = 'nothing to compare with yet'

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

/** Outcome of one check, with the threshold that decided: `hold: above 35 %`. */
export function outcomeText(
  check: Pick<ShortCheck, 'outcome' | 'effect' | 'threshold' | 'unit'>,
  moved: number | null,
): string {
  const { outcome, threshold, unit } = check
  const effect = effectOf(check)
  if (outcome === 'not-computable') {
    const what = moved === null ? NOTHING_TO_COMPARE : 'could not be computed'
    return effect === 'pass' ? what : `${effect}: ${what}`
  }
  const crossed = threshold === null ? outcome : `${outcome}: ${formatThreshold(threshold, unit)}`
  return effect === outcome ? crossed : `${crossed} (here: ${effect})`
}

/** `412 customers changed segment.`; of a candidate that is not live, that they would. */
export function movedText(moved: number | null, run: Pick<RunStatus, 'status' | 'supersededBy'>): string {
  if (moved === null) return 'First run: there was nothing to compare with.'
  const who = moved === 0 ? 'No customer' : moved === 1 ? '1 customer' : `${formatCount(moved)} customers`
  return `${who} ${wasPublished(run) ? 'changed' : 'would change'} segment.`
}
