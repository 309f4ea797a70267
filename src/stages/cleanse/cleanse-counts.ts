import type { CarriedRole } from '../../run/data-roles.ts'
import type { CompiledCleanse } from './compile-cleanse.ts'

/** Rows of one source. */
export interface SourceRows {
  readonly source: string
  readonly rowsIn: number
  readonly rowsOut: number
}

/** What one rule did with the rows of one source. */
export interface RuleRows {
  readonly source: string
  readonly matched: number
  readonly rejected: number
  /** Rows that stayed, changed by the rule. */
  readonly fixed: number
}

/** What one rule saw of a role. */
export interface RuleCounts {
  readonly name: string
  readonly action: string
  /** Null: no limit. */
  readonly maxShare: number | null
  readonly matched: number
  readonly rejected: number
  readonly fixed: number
  readonly sources: readonly RuleRows[]
  /** Most frequent reasons without values of rows; empty for rules that can't fail a run. */
  readonly reasons: readonly { readonly reason: string; readonly rows: number }[]
}

/** One role of one shard, and of all of them added up. */
export interface RoleCounts {
  readonly role: CarriedRole
  readonly rowsIn: number
  readonly rowsOut: number
  readonly rejected: number
  readonly customers: number
  readonly sources: readonly SourceRows[]
  readonly rules: readonly RuleCounts[]
}

/** The summary of one shard. */
export interface CleanseCounts {
  readonly roles: readonly RoleCounts[]
  /** Distinct customers of the population. */
  readonly population: number
}

/** Rule name of the returns that `net` found no purchase for. */
export const UNMATCHED_RETURNS = 'unmatched returns'

type Row = Readonly<Record<string, unknown>>
type Reasons = RuleCounts['reasons']

/** Results of the queries of a role. */
export interface CountRows {
  readonly counts: readonly Row[]
  readonly reasons: readonly Row[]
  /** Of the netting; empty without one. */
  readonly netted: readonly Row[]
  /** Distinct customers of the clean rows. */
  readonly customers: number
}

export function readCounts(
  { role, rules, netting }: CompiledCleanse,
  { counts, reasons, netted, customers }: CountRows,
): RoleCounts {
  const perRule = rules.map(({ name, action, maxShare }, index) => {
    const sources = counts.map((row) => ({
      source: String(row.source),
      matched: Number(row[`matched_${index}`]),
      rejected: Number(row[`rejected_${index}`]),
      fixed: netting?.rule === index ? nettedOf(netted, row.source, 'netted') : Number(row[`fixed_${index}`]),
    }))
    const ofRule = reasons.filter((row) => Number(row.rule) === index)
    return totalled({
      name,
      action,
      maxShare: maxShare ?? null,
      sources,
      reasons: ofRule.map((row) => ({ reason: String(row.reason), rows: Number(row.rows) })),
    })
  })
  if (netting) {
    const sources = counts.map(({ source }) => {
      return { source: String(source), matched: nettedOf(netted, source, 'unmatched'), rejected: 0, fixed: 0 }
    })
    perRule.splice(
      netting.rule + 1,
      0,
      totalled({ name: UNMATCHED_RETURNS, action: 'keep', maxShare: null, sources, reasons: [] }),
    )
  }
  const sources = counts.map((row) => ({
    source: String(row.source),
    rowsIn: Number(row.rows_in),
    rowsOut: Number(row.rows_out),
  }))
  return {
    role,
    rowsIn: sumOf(sources, ({ rowsIn }) => rowsIn),
    rowsOut: sumOf(sources, ({ rowsOut }) => rowsOut),
    rejected: sumOf(perRule, ({ rejected }) => rejected),
    customers,
    sources,
    rules: perRule,
  }
}

/** Shards share no customer, so everything adds up. */
export function addCounts(shards: readonly CleanseCounts[]): CleanseCounts {
  const roles = (shards[0]?.roles ?? []).map((first, place) =>
    addRole(
      first,
      shards.map((shard) => shard.roles[place]!),
    ),
  )
  return { roles, population: sumOf(shards, ({ population }) => population) }
}

function addRole(first: RoleCounts, shards: readonly RoleCounts[]): RoleCounts {
  const rules = first.rules.map((rule, index) => {
    const ofShards = shards.map((shard) => shard.rules[index]!)
    return totalled({
      ...rule,
      sources: grouped(
        ofShards.flatMap(({ sources }) => sources),
        ({ source }) => source,
        addRuleRows,
      ),
      reasons: addReasons(ofShards.flatMap(({ reasons }) => reasons)),
    })
  })
  return {
    role: first.role,
    rowsIn: sumOf(shards, ({ rowsIn }) => rowsIn),
    rowsOut: sumOf(shards, ({ rowsOut }) => rowsOut),
    rejected: sumOf(shards, ({ rejected }) => rejected),
    customers: sumOf(shards, ({ customers }) => customers),
    sources: grouped(
      shards.flatMap(({ sources }) => sources),
      ({ source }) => source,
      (a, b) => ({
        source: a.source,
        rowsIn: a.rowsIn + b.rowsIn,
        rowsOut: a.rowsOut + b.rowsOut,
      }),
    ),
    rules,
  }
}

function addRuleRows(a: RuleRows, b: RuleRows): RuleRows {
  return {
    source: a.source,
    matched: a.matched + b.matched,
    rejected: a.rejected + b.rejected,
    fixed: a.fixed + b.fixed,
  }
}

function addReasons(reasons: Reasons): Reasons {
  return [
    ...grouped(
      reasons,
      ({ reason }) => reason,
      (a, b) => ({ reason: a.reason, rows: a.rows + b.rows }),
    ),
  ].sort((a, b) => b.rows - a.rows || (a.reason < b.reason ? -1 : 1))
}

/** One of each key, in the order of the keys. */
function grouped<T>(values: readonly T[], keyOf: (value: T) => string, add: (a: T, b: T) => T): readonly T[] {
  const groups = new Map<string, T>()
  for (const value of values) {
    const there = groups.get(keyOf(value))
    groups.set(keyOf(value), there === undefined ? value : add(there, value))
  }
  return [...groups].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, value]) => value)
}

function totalled(rule: Omit<RuleCounts, 'matched' | 'rejected' | 'fixed'>): RuleCounts {
  return {
    ...rule,
    matched: sumOf(rule.sources, ({ matched }) => matched),
    rejected: sumOf(rule.sources, ({ rejected }) => rejected),
    fixed: sumOf(rule.sources, ({ fixed }) => fixed),
  }
}

function nettedOf(netted: readonly Row[], source: unknown, what: 'netted' | 'unmatched'): number {
  return Number(netted.find((row) => row.source === source)?.[what] ?? 0)
}

function sumOf<T>(values: readonly T[], pick: (value: T) => number): number {
  return values.reduce((sum, value) => sum + pick(value), 0)
}
