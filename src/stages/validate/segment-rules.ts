import { groupThousands } from '../../run/figures.ts'
import { quoteName, quoteText } from '../../sql/sql-text.ts'
import type { TreeNode } from '../../stats/decision-tree.ts'

/** A column of features that a surrogate tree asked about. */
export interface RuleColumn {
  readonly name: string
  readonly unit: string
  /** Of a category, by code; undefined: a number. */
  readonly levels?: readonly string[]
  /** Whether somebody's value is unknown: only then rules speak of it. */
  readonly hasUnknown: boolean
}

export interface RuleText {
  /** `recency at most 30 days, frequency above 4; or …` */
  readonly words: string
  /** Condition over feature columns, for any WHERE. */
  readonly sql: string
}

/** What the answers on the way to a leaf leave of a column. */
interface Range {
  readonly above: number
  readonly upTo: number
  readonly known: boolean
  readonly unknown: boolean
  readonly level: number | null
  readonly otherThan: readonly number[]
}

/** Units that say nothing beside the name of a feature. */
const BARE_UNITS = new Set(['count', 'money', 'share', 'score', 'level', 'text'])

type Path = ReadonlyMap<number, Range>

const ANYTHING: Range = { above: -Infinity, upTo: Infinity, known: true, unknown: true, level: null, otherThan: [] }

/**
 * The leaves of a surrogate tree as one rule a cluster, in words and SQL; rules exclude one another.
 *
 * @returns by cluster number; null for a cluster that no leaf names
 */
export function segmentRules(
  tree: TreeNode,
  columns: readonly RuleColumn[],
  clusterCount: number,
): readonly (RuleText | null)[] {
  const paths = Array.from({ length: clusterCount }, (): Path[] => [])
  const follow = (node: TreeNode, path: Path): void => {
    if ('label' in node) {
      paths[node.label]!.push(path)
      return
    }
    for (const answer of [true, false]) {
      const range = narrow(path.get(node.split.column) ?? ANYTHING, node.split, answer)
      follow(answer ? node.yes : node.no, new Map(path).set(node.split.column, range))
    }
  }
  follow(tree, new Map())
  return paths.map((own) => (own.length === 0 ? null : textOf(own, columns)))
}

function narrow(range: Range, split: Extract<TreeNode, { split: unknown }>['split'], answer: boolean): Range {
  switch (split.kind) {
    case 'atMost': {
      const unknown = range.unknown && split.ofUnknown === answer
      return answer ? { ...range, upTo: split.bound, unknown } : { ...range, above: split.bound, unknown }
    }
    case 'isKnown':
      return answer ? { ...range, unknown: false } : { ...range, known: false }
    case 'isLevel':
      return answer
        ? { ...range, level: split.level, unknown: false }
        : { ...range, otherThan: [...range.otherThan, split.level] }
  }
}

function textOf(paths: readonly Path[], columns: readonly RuleColumn[]): RuleText {
  const each = paths.map((path) => {
    const asked = [...path].sort(([a], [b]) => a - b)
    return {
      words: asked.map(([column, range]) => wordsOf(columns[column]!, range)).join(', ') || 'everybody',
      sql: asked.map(([column, range]) => sqlOf(columns[column]!, range)).join(' AND ') || 'true',
    }
  })
  return {
    words: each.map(({ words }) => words).join('; or '),
    sql: each.length === 1 ? each[0]!.sql : each.map(({ sql }) => `(${sql})`).join(' OR '),
  }
}

function wordsOf({ name, unit, levels, hasUnknown }: RuleColumn, range: Range): string {
  const orUnknown = hasUnknown && range.unknown ? ' or unknown' : ''
  if (levels) {
    if (range.level !== null) return `${name} is ${levels[range.level]}`
    return `${name} is not ${range.otherThan.map((level) => levels[level]).join(' or ')}`
  }
  if (!range.known) return `${name} unknown`
  const figure = (bound: number): string => (BARE_UNITS.has(unit) ? plain(bound) : `${plain(bound)} ${unit}`)
  const [isAbove, isUpTo] = [range.above > -Infinity, range.upTo < Infinity]
  if (isAbove && isUpTo) return `${name} above ${plain(range.above)} and up to ${figure(range.upTo)}${orUnknown}`
  if (isAbove) return `${name} above ${figure(range.above)}${orUnknown}`
  return isUpTo ? `${name} up to ${figure(range.upTo)}${orUnknown}` : `${name} known`
}

function sqlOf({ name, levels, hasUnknown }: RuleColumn, range: Range): string {
  const column = quoteName(name)
  if (levels) {
    if (range.level !== null) return `${column} = ${quoteText(levels[range.level]!)}`
    const others = range.otherThan.map((level) => quoteText(levels[level]!)).join(', ')
    return `(${column} NOT IN (${others}) OR ${column} IS NULL)`
  }
  if (!range.known) return `${column} IS NULL`
  const bounds = [
    ...(range.above > -Infinity ? [`${column} > ${range.above}`] : []),
    ...(range.upTo < Infinity ? [`${column} <= ${range.upTo}`] : []),
  ].join(' AND ')
  if (bounds === '') return `${column} IS NOT NULL`
  return hasUnknown && range.unknown ? `(${bounds} OR ${column} IS NULL)` : bounds
}

/** Bounds are written in full: the rule is what it says. */
function plain(bound: number): string {
  return Math.abs(bound) >= 1e15 || (bound !== 0 && Math.abs(bound) < 1e-6)
    ? String(bound)
    : groupThousands(String(bound))
}
