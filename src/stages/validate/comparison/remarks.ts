import type { ComparisonMeasure } from './measures.ts'

/** What there is to say of. */
export interface Remarkable {
  /** Why nobody can say where the live model would put customers, as a sentence; null: it can be said, or nothing is live. */
  readonly problem: string | null
  readonly comparison: readonly ComparisonMeasure[]
}

/** What the comparison says beside its gates and its moves, in sentences for people. */
export function remarksOf({ problem }: Remarkable): readonly string[] {
  return problem === null ? [] : [`Every move that nobody made is told as definition. ${problem}`]
}
