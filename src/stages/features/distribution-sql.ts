import { quoteName } from '../../sql/sql-text.ts'
import type { CategoryFigures, Histogram, LevelShare, NumberFigures } from './distribution.ts'

type Row = Readonly<Record<string, unknown>>

/** Bits behind the point to which a mean is exact, counted from the largest value: a sum of 2^33 customers stays within 128 bits. */
const MEAN_BITS = 80
const LARGEST_EXPONENT = 1_000
/** Values of a category beyond these are in the rest, whatever they are. */
const MOST_LEVELS = 1_000

/** One row: what `readOverview` reads. NaN counts as null, as where features are fitted. */
export function compileOverview(relation: string, column: string): string {
  return `
SELECT count(*) AS customers, count(v) AS present, count(*) FILTER (WHERE v = 0) AS zeros, min(v) AS minimum, max(v) AS maximum,
  quantile_cont(v, [0.1, 0.5, 0.9]) AS quantiles
FROM (${valuesOf(relation, column)})`
}

export interface NumberOverview extends Omit<NumberFigures, 'kind' | 'mean' | 'histogram' | 'transformed'> {
  readonly customers: number
  readonly present: number
}

export function readOverview(row: Row): NumberOverview {
  const [p10, median, p90] = (row.quantiles as readonly (number | null)[] | null) ?? []
  const customers = Number(row.customers)
  return {
    customers,
    present: Number(row.present),
    zeroShare: shareOf(Number(row.zeros), customers),
    ...{ minimum: finite(row.minimum), p10: finite(p10), median: finite(median), p90: finite(p90) },
    maximum: finite(row.maximum),
  }
}

export interface Shape {
  readonly mean: number | null
  readonly histograms: readonly (Histogram | null)[]
}

/**
 * One row for each pair of bars: `bar_0`, `bar_1`, …, the customers in them, and the sum of their values as whole numbers of 2^-80 of the
 * largest. Doubles themselves are never added up: their sum would differ from run to run.
 *
 * @param overview of finite values, at least one
 * @param edges of histograms; null: none
 */
export function compileShape(
  relation: string,
  column: string,
  { minimum, maximum }: NumberOverview,
  edges: readonly (readonly number[] | null)[],
): string {
  const bars = edges.map((one, index) => `${one ? barOf(one, 0, one.length - 1) : '0'} AS bar_${index}`)
  return `
SELECT ${[...bars, 'count(*) AS customers'].join(', ')},
  CAST(sum(CAST(v * ${double(scaleOf(minimum!, maximum!))} AS HUGEINT)) AS VARCHAR) AS total
FROM (${valuesOf(relation, column)})
WHERE v IS NOT NULL${edges.length === 0 ? '' : `\nGROUP BY ${edges.map((_, index) => `bar_${index}`).join(', ')}`}`
}

export function readShape(
  rows: readonly Row[],
  { present, minimum, maximum }: NumberOverview,
  edges: readonly (readonly number[] | null)[],
): Shape {
  const total = rows.reduce((sum, row) => sum + BigInt(String(row.total)), 0n)
  return {
    mean: Number(total) / scaleOf(minimum!, maximum!) / present,
    histograms: edges.map((one, index) => {
      if (!one) return null
      const customers = one.slice(1).map(() => 0)
      for (const row of rows) customers[Number(row[`bar_${index}`])]! += Number(row.customers)
      return { edges: one, customers }
    }),
  }
}

/** One row a value of a category, the most frequent first: `level`, `customers`, and `distinct_values` in all. */
export function compileLevels(relation: string, column: string): string {
  return `
SELECT ${quoteName(column)} AS level, count(*) AS customers, count(*) OVER () AS distinct_values
FROM ${relation}
WHERE ${quoteName(column)} IS NOT NULL
GROUP BY level
ORDER BY customers DESC, level
LIMIT ${MOST_LEVELS}`
}

/** One row: `customers`, `present`. */
export function compilePresence(relation: string, column: string): string {
  return `SELECT count(*) AS customers, count(${quoteName(column)}) AS present FROM ${relation}`
}

/** @param levels that stand for themselves; null: those found, the first twelve */
export function readLevels(
  rows: readonly Row[],
  { customers, present }: { readonly customers: number; readonly present: number },
  levels: readonly string[] | null,
): CategoryFigures {
  const counts = new Map(rows.map(({ level, customers: count }) => [String(level), Number(count)]))
  const shown = levels ?? [...counts.keys()].slice(0, 12)
  const own = shown.map((level): LevelShare => ({ level, share: shareOf(counts.get(level) ?? 0, customers) }))
  const ofLevels = shown.reduce((sum, level) => sum + (counts.get(level) ?? 0), 0)
  return {
    kind: 'category',
    distinct: Number(rows[0]?.distinct_values ?? 0),
    levels: own,
    otherShare: shareOf(present - ofLevels, customers),
  }
}

export function shareOf(count: number, all: number): number {
  return all === 0 ? 0 : count / all
}

function valuesOf(relation: string, column: string): string {
  const name = quoteName(column)
  return `SELECT CASE WHEN isnan(CAST(${name} AS DOUBLE)) THEN NULL ELSE CAST(${name} AS DOUBLE) END AS v FROM ${relation}`
}

/** The bar from `first` to before `end` that a value lies in, by halves: of sixteen four comparisons find it. */
function barOf(edges: readonly number[], first: number, end: number): string {
  if (end - first === 1) return String(first)
  const middle = Math.floor((first + end) / 2)
  return `CASE WHEN v < ${double(edges[middle]!)} THEN ${barOf(edges, first, middle)} ELSE ${barOf(edges, middle, end)} END`
}

/** A power of two, so that it changes no digit. */
function scaleOf(minimum: number, maximum: number): number {
  const largest = Math.max(Math.abs(minimum), Math.abs(maximum))
  const exponent = largest === 0 ? 0 : MEAN_BITS - Math.ceil(Math.log2(largest))
  return 2 ** Math.min(exponent, LARGEST_EXPONENT)
}

/** With an exponent the engine takes it for a DOUBLE; without, for a DECIMAL. */
function double(value: number): string {
  return value.toExponential()
}

function finite(value: unknown): number | null {
  return typeof value === 'number' && Number.isFinite(value) ? value : null
}
