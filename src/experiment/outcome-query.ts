import { WrongUsage } from '../errors/wrong-usage.ts'
import { quoteName, quoteText } from '../sql/sql-text.ts'

/** Under this suffix a column holds what was known of a metric before the experiment. */
const BEFORE = '_before'
const NUMBER = /^(BOOLEAN|U?(TINY|SMALL|BIG|HUGE)INT|U?INTEGER|FLOAT|DOUBLE|DECIMAL.*)$/

export interface FileColumn {
  readonly name: string
  readonly type: string
}

export interface OutcomeColumns {
  readonly customer: string
  readonly arm: string
  readonly segment: string
  /** Absent: every column of numbers that is nothing else. */
  readonly metrics?: readonly string[] | undefined
}

/** What a file of outcomes has of what is looked for. */
export interface OutcomeLayout {
  readonly customer: string | null
  /** Null: the warehouse has to say. */
  readonly arm: string | null
  readonly segment: string | null
  readonly metrics: readonly { readonly name: string; readonly before: string | null }[]
}

/** The rows of a file, by its name. */
export function outcomeFile(path: string): string {
  return /\.parquet$/i.test(path)
    ? `read_parquet(${quoteText(path)})`
    : /\.(json|jsonl|ndjson)(\.gz)?$/i.test(path)
      ? `read_json(${quoteText(path)})`
      : `read_csv(${quoteText(path)}, header = true, sample_size = -1)`
}

/** @throws WrongUsage when a column is not there, or holds no numbers */
export function layOutOutcomes(columns: readonly FileColumn[], wanted: OutcomeColumns): OutcomeLayout {
  const typeOf = new Map(columns.map(({ name, type }) => [name, type]))
  const present = (name: string): string | null => (typeOf.has(name) ? name : null)
  const isNumber = (name: string): boolean => NUMBER.test(typeOf.get(name) ?? '')
  const [customer, arm, segment] = [present(wanted.customer), present(wanted.arm), present(wanted.segment)]
  const names =
    wanted.metrics ??
    columns
      .map(({ name }) => name)
      .filter((name) => isNumber(name) && !name.endsWith(BEFORE) && ![customer, arm, segment].includes(name))
  for (const name of names) {
    if (!typeOf.has(name))
      throw new WrongUsage(
        `The outcomes have no column ${name}; they have ${columns.map((column) => column.name).join(', ')}.`,
        'Name one of these with --metric.',
      )
    if (!isNumber(name))
      throw new WrongUsage(
        `Column ${name} of the outcomes is ${typeOf.get(name)}, which is no number.`,
        'Name columns of numbers, or of true and false, with --metric.',
      )
  }
  if (names.length === 0)
    throw new WrongUsage(
      'The outcomes have no column of numbers.',
      'Give a file with a row a customer and a column a metric.',
    )
  const metrics = names.map((name) => ({ name, before: isNumber(name + BEFORE) ? name + BEFORE : null }))
  return { customer, arm, segment, metrics }
}

/**
 * Columns arm, segment, then `m0`, `b0`, `m1` … of metrics and what was known before, a row a customer in an order that is always the same.
 *
 * @param assigned table of who is in which arm: customer_id, arm, segment. Of its customers whom the file does not name nothing came. Null: the
 *   file says itself
 */
export function outcomeQuery(file: string, layout: OutcomeLayout, assigned: string | null): string {
  const text = (name: string): string => `CAST(f.${quoteName(name)} AS VARCHAR)`
  const number = (name: string): string => `CAST(f.${quoteName(name)} AS DOUBLE)`
  const ofMember = (value: string): string =>
    assigned === null ? value : `CASE WHEN f.${quoteName(layout.customer!)} IS NULL THEN 0 ELSE ${value} END`
  const figures = layout.metrics.flatMap(({ name, before }, at) => [
    `${ofMember(number(name))} AS m${at}`,
    ...(before === null ? [] : [`${number(before)} AS b${at}`]),
  ])
  const said =
    assigned === null
      ? [`${text(layout.arm!)} AS arm`, `${layout.segment === null ? "''" : text(layout.segment)} AS segment`]
      : ['a.arm AS arm', 'a.segment AS segment']
  const from =
    assigned === null
      ? `${file} f`
      : `${quoteName(assigned)} a LEFT JOIN ${file} f ON a.customer_id = ${text(layout.customer!)}`
  return `SELECT ${[...said, ...figures].join(', ')} FROM ${from} ORDER BY ALL`
}

/** How many customers a file names, and how many rows it has of them. */
export function repeatedQuery(file: string, customer: string): string {
  return `SELECT count(*) AS "rows", count(DISTINCT ${quoteName(customer)}) AS customers FROM ${file}`
}
