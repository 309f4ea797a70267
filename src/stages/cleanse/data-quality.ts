import { reservedColumns } from '../../run/data-roles.ts'
import type { SourceSummary } from '../extract/extract-summary.ts'
import type { RoleCounts } from './cleanse-counts.ts'
import { UNREADABLE } from './name-rules.ts'
import type { ShardTally } from './profile.ts'

/** What cleansing found of a rule over a source, or of a column over a role: a row of view `data_quality`. */
export interface DataQualityRow {
  readonly role: string
  /** Name of the source; of a column, those of its role. */
  readonly source: string
  /** Null: the row is about a column. */
  readonly rule: string | null
  readonly action: string | null
  /** Rows that match the rule, whatever other rules say of them. */
  readonly matched: number | null
  /** Rows that this rule rejected: the first rule that matched them. */
  readonly rejected: number | null
  /** Rows that stayed, changed by this rule. */
  readonly fixed: number | null
  /** Null: the row is about a rule. */
  readonly column: string | null
  readonly nulls: number | null
  /** Null: more than ten thousand, or about a rule. */
  readonly distinct: number | null
  /** Of numbers and instants; never of text, which may be personal. */
  readonly minimum: string | null
  readonly maximum: string | null
  /** Of a rule: rows of the source, of `unreadable` records. Of a column: clean rows of the role. */
  readonly rowsIn: number
  /** Of a rule: of rows that match; of a column: of rows without a value. Null: no rows. */
  readonly share: number | null
}

const NOT_OF_A_RULE = { rule: null, action: null, matched: null, rejected: null, fixed: null }
const NOT_OF_A_COLUMN = { column: null, nulls: null, distinct: null, minimum: null, maximum: null }

/** What `extract` read of a source for a role. */
export type SourceRecords = Pick<SourceSummary, 'source' | 'role' | 'rowsRead' | 'unreadable'>

/** Records that are no rows, a row a source; the rules of each role in order, a row a source; then the columns. */
export function describeQuality(
  records: readonly SourceRecords[],
  roles: readonly RoleCounts[],
  tally: ShardTally,
  sourcesOf: (role: string) => readonly string[],
): readonly DataQualityRow[] {
  return [
    ...records.map(unreadableRow),
    ...roles.flatMap((role) => ruleRows(role, sourcesOf(role.role))),
    ...columnRows(tally, sourcesOf),
  ]
}

/** Also of a source without such records, so that the first one has a share to stand beside. */
function unreadableRow({ role, source, rowsRead, unreadable }: SourceRecords): DataQualityRow {
  return {
    ...NOT_OF_A_COLUMN,
    role,
    source,
    rule: UNREADABLE,
    // A source that allows none of them has ended the run.
    action: 'quarantine',
    matched: unreadable,
    rejected: unreadable,
    fixed: 0,
    rowsIn: rowsRead,
    share: shareOf(unreadable, rowsRead),
  }
}

/** A source without a row has counts all the same. */
function ruleRows({ role, sources, rules }: RoleCounts, names: readonly string[]): readonly DataQualityRow[] {
  return rules.flatMap((rule) =>
    names.map((source) => {
      const { matched, rejected, fixed } = rule.sources.find((one) => one.source === source) ?? {
        matched: 0,
        rejected: 0,
        fixed: 0,
      }
      const rowsIn = sources.find((one) => one.source === source)?.rowsIn ?? 0
      return {
        ...NOT_OF_A_COLUMN,
        role,
        source,
        rule: rule.name,
        action: rule.action,
        matched,
        rejected,
        fixed,
        rowsIn,
        share: shareOf(matched, rowsIn),
      }
    }),
  )
}

/** Ours, not of a source: there is nothing to see in them. */
const OWN_COLUMNS: readonly string[] = reservedColumns

function columnRows(tally: ShardTally, sourcesOf: (role: string) => readonly string[]): readonly DataQualityRow[] {
  return Object.entries(tally.roles).flatMap(([role, { rows, columns }]) =>
    Object.entries(columns)
      .filter(([column]) => !OWN_COLUMNS.includes(column))
      .map(([column, { kind, nulls, values, minimum, maximum }]) => ({
        ...NOT_OF_A_RULE,
        role,
        source: sourcesOf(role).join(', '),
        column,
        nulls,
        distinct: values?.length ?? null,
        minimum: kind === 'text' ? null : minimum,
        maximum: kind === 'text' ? null : maximum,
        rowsIn: rows,
        share: shareOf(nulls, rows),
      })),
  )
}

function shareOf(part: number, rows: number): number | null {
  return rows === 0 ? null : part / rows
}
