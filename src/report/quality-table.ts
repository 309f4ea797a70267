import type { DataQualityRow } from '../stages/validate/validation.ts'
import { formatCount, formatShare } from '../run/figures.ts'
import { textTable } from './text-table.ts'

/** What cleansing found, beside the publication before. */
export interface QualityFinding extends DataQualityRow {
  readonly previousShare: number | null
}

const MOST_ROWS = 8

/** The rules that matched most rows; none when no rule did. */
export function qualityTable(found: readonly QualityFinding[]): readonly string[] {
  const matched = found
    .filter((row) => row.rule !== null && (row.matched ?? 0) > 0)
    .sort((a, b) => b.matched! - a.matched!)
    .slice(0, MOST_ROWS)
  if (matched.length === 0) return []
  return textTable(
    [
      { title: 'Cleansing rule' },
      { title: 'Source' },
      { title: 'Matched', align: 'right' },
      { title: 'Share', align: 'right' },
      { title: 'Before', align: 'right' },
      { title: 'Rejected', align: 'right' },
      { title: 'Fixed', align: 'right' },
    ],
    matched.map(({ rule, source, matched, share, previousShare, rejected, fixed }) => [
      rule!,
      source,
      formatCount(matched!),
      share === null ? '–' : formatShare(share),
      previousShare === null ? '–' : formatShare(previousShare),
      formatCount(rejected ?? 0),
      formatCount(fixed ?? 0),
    ]),
  )
}
