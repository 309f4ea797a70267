import { formatCount, formatShare } from '../../run/figures.ts'
import { quoteName, quoteText } from '../../sql/sql-text.ts'
import type { ClusterModel } from '../cluster/model.ts'
import type { Measures, PublishedModel } from './published-model.ts'

/** Levels a message names; it counts the others. */
const MOST_NAMED = 3

/** A category with every level that the live model knew when it was fitted. */
export interface KnownLevels {
  readonly feature: string
  readonly known: readonly string[]
}

/** What can be asked about levels that came since. */
export interface LevelComparison {
  /** Categories among the candidate's features. */
  readonly categories: number
  /** Those of them whose levels the live model knows, in the order of the candidate's features. */
  readonly compared: readonly KnownLevels[]
}

/** Customers of the candidate whose level the live model did not know. */
export interface UnseenLevels {
  readonly categories: number
  readonly compared: number
  /** Customers with at least one such level. */
  readonly customers: number
  /** Those that most customers have; most customers first, then by feature and level. */
  readonly levels: readonly UnseenLevel[]
  /** All of them. */
  readonly levelCount: number
}

export interface UnseenLevel {
  readonly feature: string
  readonly level: string
  readonly customers: number
}

/**
 * Every run fits its model anew, so its own model knows every level there is; what is new is what the live model did not know. A category
 * is compared where both models measure the same by its name, and where the live one knows all levels it was fitted on.
 */
export function compareLevels(
  live: PublishedModel | null,
  candidate: Pick<ClusterModel, 'features'>,
  measures: Measures,
): LevelComparison {
  const names = candidate.features.features.flatMap((one) => (one.kind === 'category' ? [one.name] : []))
  const compared = names.flatMap((name): readonly KnownLevels[] => {
    const before = live?.features.features.find((one) => one.name === name)
    if (before?.kind !== 'category' || live!.measures[name] !== measures[name]) return []
    return before.knowsAllLevels ? [{ feature: name, known: [...before.levels, ...before.pooled] }] : []
  })
  return { categories: names.length, compared }
}

/** One row: customers of the population with an unknown level in at least one of the categories. */
export function compileUnseenCustomers(compared: readonly KnownLevels[]): string {
  return `SELECT count(*) AS customers FROM population WHERE ${compared.map(isUnseen).join(' OR ')}`
}

/** Rows of `readUnseenLevel`: the unknown levels of one category that most customers have, each beside their `levels` in all. */
export function compileUnseenLevels(category: KnownLevels): string {
  const column = quoteName(category.feature)
  return `
SELECT ${quoteText(category.feature)} AS feature, ${column} AS level, count(*) AS customers, count(*) OVER () AS levels
FROM population
WHERE ${isUnseen(category)}
GROUP BY level
ORDER BY customers DESC, level
LIMIT ${MOST_NAMED}`
}

function readUnseenLevel(row: Readonly<Record<string, unknown>>): UnseenLevel {
  return { feature: String(row.feature), level: String(row.level), customers: Number(row.customers) }
}

/** @param found rows of `compileUnseenLevels`, category by category */
export function nameUnseenLevels(
  found: readonly (readonly Readonly<Record<string, unknown>>[])[],
): Pick<UnseenLevels, 'levels' | 'levelCount'> {
  const text = ({ feature, level }: UnseenLevel): string => `${feature}\0${level}`
  return {
    levels: found
      .flat()
      .map(readUnseenLevel)
      .sort((a, b) => b.customers - a.customers || (text(a) < text(b) ? -1 : 1))
      .slice(0, MOST_NAMED),
    levelCount: found.reduce((sum, [first]) => sum + Number(first?.levels ?? 0), 0),
  }
}

/** The figure of gate `newLevels`, and the sentence about it. */
export function measureUnseenLevels(
  unseen: UnseenLevels,
  customers: number,
  runId: string | null,
): { readonly value: number | null; readonly message: string } {
  if (unseen.categories === 0) return { value: 0, message: 'No feature is a category: no level can be unknown.' }
  if (runId === null) return { value: null, message: 'Nothing is published yet: there are no levels to compare with.' }
  if (unseen.compared === 0)
    return { value: null, message: `The model of ${runId} knows the levels of none of this run's categories.` }
  const share = unseen.customers / customers
  const whole = `${formatCount(unseen.customers)} of ${formatCount(customers)} customers (${formatShare(share)}) have a level that ${runId} did not know`
  if (unseen.levels.length === 0) return { value: share, message: `${whole}.` }
  const named = unseen.levels.map(
    ({ feature, level, customers: count }) => `${feature} "${level}" (${formatCount(count)})`,
  )
  const others = unseen.levelCount - named.length
  const more = others === 0 ? '' : ` and ${formatCount(others)} more`
  return { value: share, message: `${whole}: ${named.join(', ')}${more}.` }
}

function isUnseen({ feature, known }: KnownLevels): string {
  const column = quoteName(feature)
  const among = known.length === 0 ? '' : ` AND ${column} NOT IN (${known.map(quoteText).join(', ')})`
  return `(${column} IS NOT NULL${among})`
}
