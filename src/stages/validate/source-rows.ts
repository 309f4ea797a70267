import { formatCount, formatShare } from '../../run/figures.ts'

/** Source → records that were read of it, unreadable ones among them. */
export type SourceRows = Readonly<Record<string, number>>

/** One source that both runs read. */
export interface SourceRowChange {
  readonly source: string
  /** Share of the rows of the run before: -0.3 is 30 % fewer. */
  readonly value: number
  readonly message: string
}

/**
 * How many rows sources gave, against the published run; those that changed most first, then by name. A source without rows before has no
 * change, and one that only one of the runs read is not compared: the definition is what changed.
 *
 * @param before null where the published run did not keep them
 */
export function compareSourceRows(
  now: SourceRows,
  before: SourceRows | null,
  runId: string,
): readonly SourceRowChange[] {
  return Object.entries(now)
    .flatMap(([source, rows]): readonly SourceRowChange[] => {
      const rowsBefore = before?.[source] ?? 0
      if (rowsBefore === 0) return []
      const value = rows / rowsBefore - 1
      const words = value === 0 ? 'as many as' : `${formatShare(Math.abs(value))} ${value > 0 ? 'more' : 'fewer'} than`
      return [
        {
          source,
          value,
          message: `${formatCount(rows)} rows were read of source ${source}, ${words} the ${formatCount(rowsBefore)} of ${runId}.`,
        },
      ]
    })
    .sort((a, b) => Math.abs(b.value) - Math.abs(a.value) || (a.source < b.source ? -1 : 1))
}
