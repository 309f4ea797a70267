import { formatCount, formatShare } from '../../../run/figures.ts'
import type { ComparisonMeasure, MeasureName } from './measures.ts'

/** What there is to say of. */
export interface Remarkable {
  /** Why nobody can say where the live model would put customers, as a sentence; null: it can be said, or nothing is live. */
  readonly problem: string | null
  readonly comparison: readonly ComparisonMeasure[]
}

/** What the comparison says beside its gates and its moves, in sentences for people. */
export function remarksOf({ problem, comparison }: Remarkable): readonly string[] {
  const find = (measure: MeasureName, subject: string | null = null): ComparisonMeasure | undefined =>
    comparison.find((one) => one.measure === measure && one.subject === subject)
  return [
    ...(problem === null ? [] : [`No move can be put down to a customer or a border: all are definition. ${problem}`]),
    ...keptText(find('kept')?.value ?? 0, find('kept_inertia')?.value ?? 0),
    ...spreadText(find('mean_squared_distance')),
    ...marginText(
      find('margin_median', 'stayed'),
      find('margin_median', 'behaviour'),
      find('margin_median', 'boundary'),
    ),
  ]
}

function keptText(kept: number, inertia: number): readonly string[] {
  if (kept === 0) return []
  const who = kept === 1 ? '1 customer near a border was' : `${formatCount(kept)} customers near a border were`
  return [`${who} left in the old segment (validate.minimumChange): inertia is ${formatShare(inertia)} larger for it.`]
}

function spreadText(found: ComparisonMeasure | undefined): readonly string[] {
  if (!found || found.previous === null || found.previous === 0) return []
  const gain = 1 - found.value / found.previous
  const figures = `${found.value.toPrecision(3)} against ${found.previous.toPrecision(3)}`
  return [
    gain > 0
      ? `The new segments lie ${formatShare(gain)} closer around today's customers than the live ones would (mean squared distance ${figures}).`
      : `The new segments lie no closer around today's customers than the live ones would (mean squared distance ${figures}).`,
  ]
}

function marginText(...found: readonly (ComparisonMeasure | undefined)[]): readonly string[] {
  const [stayed, ...moved] = found
  const texts = moved.flatMap((one) => (one ? [`${one.value.toFixed(2)} of those who moved by ${one.subject}`] : []))
  if (!stayed || texts.length === 0) return []
  return [
    `Margin to the next segment (0: at the border, 1: at the centre), in the middle: ${stayed.value.toFixed(2)} of those who stayed, ${texts.join(', ')}.`,
  ]
}
