import { ConfigInvalid } from '../errors/config-invalid.ts'
import { feedbackConfig, MOST_JUDGEMENTS, type WrittenFeedback } from '../plan/feedback.ts'
import type { TextTable } from '../plan/text-table.ts'
import { explainIssues } from './explain-issues.ts'
import { feedbackSchema } from './json-schema.ts'

/** Columns of a CSV file or a table of judgements. */
export const FEEDBACK_COLUMNS = ['segment', 'judgement', 'customer', 'belongs_in', 'note', 'by'] as const
/** What fits on one screen with the frame around it. */
const SHOWN_PROBLEMS = 6

type Row = Partial<Record<(typeof FEEDBACK_COLUMNS)[number], string>>

interface RowProblem {
  readonly row: number
  readonly column: string
  readonly came: string
  readonly wanted: string
}

/**
 * Judgements as rows: a segment with a judgement, or a customer with where he or she belongs. Further columns are left alone.
 *
 * @param place what the rows are of, for messages
 * @throws ConfigInvalid naming the columns that are not there, or every row that is no judgement
 */
export function feedbackOfRows(place: string, table: TextTable): readonly WrittenFeedback[] {
  const missing = FEEDBACK_COLUMNS.filter((name) => !table.columns.includes(name))
  if (missing.length > 0)
    throw new ConfigInvalid(
      `${place} has no column ${missing.join(', ')}: wanted are ${FEEDBACK_COLUMNS.join(', ')}; it has ${table.columns.join(', ')}.`,
      'Name the columns so. Those that a row does not need stay empty; others do not matter.',
    )
  if (table.rows.length === 0 || table.rows.length > MOST_JUDGEMENTS)
    throw new ConfigInvalid(
      `${place} has ${table.rows.length === 0 ? 'no row' : `more than ${MOST_JUDGEMENTS} rows`}.`,
      `Give 1 to ${MOST_JUDGEMENTS} judgements at once; what was kept before need not be in it. Nothing was kept.`,
    )
  const rows = table.rows.map(filledOf)
  const problems = rows.flatMap(unlikeBoth)
  const value = { feedback: rows.map(entryOf) }
  const checked = feedbackConfig.safeParse(value)
  const unlike = new Set(problems.map(({ row }) => row))
  for (const { path, came, wanted } of checked.success
    ? []
    : explainIssues(feedbackSchema, value, checked.error.issues)) {
    const row = Number(path[1])
    if (!unlike.has(row))
      problems.push({ row, column: String(path[2] ?? '').replace('belongsIn', 'belongs_in'), came, wanted })
  }
  if (!checked.success || problems.length > 0) throw refuseRows(place, rows, problems)
  return checked.data.feedback
}

function filledOf(row: TextTable['rows'][number]): Row {
  const filled = FEEDBACK_COLUMNS.flatMap((name) => {
    const text = row[name]?.trim() ?? ''
    return text === '' ? [] : [[name, text] as const]
  })
  return Object.fromEntries(filled)
}

function entryOf({ segment, judgement, customer, belongs_in: belongsIn, note, by }: Row) {
  const said = { ...(note !== undefined && { note }), ...(by !== undefined && { by }) }
  if (customer === undefined)
    return { ...(segment !== undefined && { segment }), ...(judgement !== undefined && { judgement }), ...said }
  return { customer, ...(belongsIn !== undefined && { belongsIn }), ...said }
}

/** A row is of a segment, or of a customer: what says both would lose one. */
function unlikeBoth({ segment, customer, judgement, belongs_in: belongsIn }: Row, row: number): RowProblem[] {
  if (customer === undefined && segment === undefined)
    return [{ row, column: 'segment', came: 'nothing, and no customer', wanted: 'a segment, or a customer' }]
  if (customer !== undefined && segment !== undefined)
    return [{ row, column: 'segment', came: `${segment}, and customer ${customer}`, wanted: 'one of the two' }]
  if (customer === undefined && belongsIn !== undefined)
    return [{ row, column: 'belongs_in', came: belongsIn, wanted: 'nothing, where no customer is named' }]
  if (customer !== undefined && judgement !== undefined && judgement !== 'misplaced')
    return [{ row, column: 'judgement', came: judgement, wanted: 'misplaced or nothing, where a customer is named' }]
  return []
}

function refuseRows(place: string, rows: readonly Row[], problems: readonly RowProblem[]): ConfigInvalid {
  const inOrder = [...problems].sort((a, b) => a.row - b.row)
  const shown = inOrder.slice(0, SHOWN_PROBLEMS).map(({ row, column, came, wanted }) => {
    const about = FEEDBACK_COLUMNS.filter((name) => name !== 'note' && rows[row]?.[name] !== undefined)
    const text = about.map((name) => `${name} ${rows[row]![name]!}`).join(', ')
    return `row ${row + 1} (${text || 'empty'})  ${column}\n    came: ${came}\n    wanted: ${wanted}`
  })
  const more = problems.length - shown.length
  return new ConfigInvalid(
    [
      `${problems.length === 1 ? '1 problem' : `${problems.length} problems`} in ${place}:`,
      ...shown,
      ...(more > 0 ? [`and ${more} more.`] : []),
    ].join('\n'),
    'Mend the rows and run the command again. Nothing was kept.',
  )
}
