import { quoteName } from '../../sql/sql-text.ts'
import { KEPT_VALUE } from './compile-rule.ts'
import type { CompiledRule, Matching } from './compiled-rule.ts'
import { ROW } from './raw-columns.ts'

/** A value that a rule changed: columns of table `judged` that are NULL where it changed nothing. */
export interface RecordedChange {
  readonly rule: number
  readonly column: string
  readonly before: string
  readonly after: string
}

export interface JudgedRows {
  /**
   * Makes table `judged`: the columns as the rules left them, `__row`, `__copies` (equal rows are folded into one with a count, so that no
   * row among equals has to be picked), `__match_<i>`, `__verdict` (the first rule that rejects the row), the recorded changes, and
   * `__raw_<column>` of changed columns.
   */
  readonly query: string
  readonly changes: readonly RecordedChange[]
  /** Columns that a rule may change. */
  readonly changed: readonly string[]
}

/**
 * The rules as layers over the raw rows. Conditions of neighbours share a layer; a rule that changes values, or looks at other rows, gets
 * its own, in which it sees what the rules before it left: their values, and only rows that they did not reject.
 *
 * @param names columns of the raw rows
 */
export function judgeRows(rules: readonly CompiledRule[], raw: string, names: readonly string[]): JudgedRows {
  const changed = [...new Set(rules.flatMap(({ changes }) => changes.map(({ column }) => column)))]
  const layers = new Layers(rules, firstLayer(rules, raw, names), changed.length > 0)
  const recorded: RecordedChange[] = []
  const kept = new Set<string>()
  rules.forEach((rule, index) => {
    const { matches } = rule
    if (matches.kind === 'row') layers.add(index, matches.condition)
    if (matches.kind === 'copies') layers.add(index, isFolded(rules, index) ? '__copies > 1' : 'false')
    if (matches.kind === 'keys') layers.addRanked(index, matches, orderOf(names, kept))
    if (matches.kind === 'contested') layers.addContested(index, matches)
    if (matches.kind === 'customers') layers.addInconsistent(index, matches)
    if (isReturnRule(rule)) layers.flush()
    if (rule.changes.length === 0) return
    layers.flush()
    const ofRule = rule.changes.map((change, place) => ({
      ...change,
      raw: !kept.has(change.column),
      before: `__before_${index}_${place}`,
      after: `__after_${index}_${place}`,
    }))
    layers.change(index, ofRule)
    for (const { column, before, after } of ofRule) {
      kept.add(column)
      recorded.push({ rule: index, column, before, after })
    }
  })
  return { query: layers.finish(), changes: recorded, changed }
}

/** Whether copies are looked for: a rule that tells rows apart by fewer columns has left none when it came before. */
export function isFolded(rules: readonly CompiledRule[], index = copiesRuleOf(rules)): boolean {
  return (
    index >= 0 && index === copiesRuleOf(rules) && !rules.slice(0, index).some(({ matches }) => matches.kind === 'keys')
  )
}

export function copiesRuleOf(rules: readonly CompiledRule[]): number {
  return rules.findIndex(({ matches }) => matches.kind === 'copies')
}

/** A rule whose lines stay, as returns. */
export function isReturnRule({ action }: CompiledRule): boolean {
  return action === 'net' || action === 'keep'
}

export function rawName(column: string): string {
  return quoteName(`__raw_${column}`)
}

function firstLayer(rules: readonly CompiledRule[], raw: string, names: readonly string[]): string {
  const listed = names.map(quoteName).join(', ')
  const fold = isFolded(rules)
  const own = fold ? `min(${ROW}) as ${ROW}, count(*) as __copies` : `${ROW}, cast(1 as bigint) as __copies`
  return `select ${listed}, ${own}, cast(null as integer) as __verdict from ${raw}${fold ? ` group by ${listed}` : ''}`
}

/** Every column as it came, so that only equal rows tie. */
function orderOf(names: readonly string[], changed: ReadonlySet<string>): readonly string[] {
  return [...names.map((name) => (changed.has(name) ? rawName(name) : quoteName(name))), ROW]
}

interface PlacedChange {
  readonly column: string
  readonly value: string
  readonly raw: boolean
  readonly before: string
  readonly after: string
}

class Layers {
  private readonly rules: readonly CompiledRule[]
  private readonly keepsClasses: boolean
  private readonly shared: string[] = []
  private pending: { index: number; condition: string | null }[] = []
  private relation: string

  constructor(rules: readonly CompiledRule[], first: string, changesValues: boolean) {
    this.rules = rules
    this.relation = first
    this.keepsClasses = changesValues
  }

  add(index: number, condition: string): void {
    this.pending.push({ index, condition })
  }

  /** Conditions into columns, and then into verdicts: a row keeps its first. */
  flush(): void {
    if (this.pending.length === 0) return
    const conditions = this.pending.flatMap(({ index, condition }) =>
      condition === null ? [] : [`${condition} as __match_${index}`, ...this.classOf(index, condition)],
    )
    if (conditions.length > 0) this.relation = `select *, ${conditions.join(', ')} from (${this.relation})`
    const rejecting = this.pending
      .filter(({ index }) => this.rejects(index))
      .map(({ index }) => `when __match_${index} then ${index}`)
    if (rejecting.length > 0)
      this.relation = `select * replace (cast(case when __verdict is not null then __verdict ${rejecting.join(' ')} end as integer) as __verdict) from (${this.relation})`
    this.pending = []
  }

  addRanked(index: number, { by, order }: Matching & { kind: 'keys' }, every: readonly string[]): void {
    this.flush()
    const isComplete = by.map((column) => `${column} is not null`).join(' and ')
    const place = `row_number() over (partition by ${by.join(', ')}, __verdict order by ${[...order, ...every].join(', ')})`
    this.relation = `select *, (__verdict is null and ${isComplete} and ${place} > 1) as __match_${index} from (${this.relation})`
    this.pending.push({ index, condition: null })
  }

  addContested(index: number, { column }: Matching & { kind: 'contested' }): void {
    this.flush()
    const ofCustomer = `(${quoteName(column)}) over (partition by customer_id, __verdict)`
    this.relation = `select *, coalesce(__verdict is null and min${ofCustomer} <> max${ofCustomer}, false) as __match_${index} from (${this.relation})`
    this.pending.push({ index, condition: null })
  }

  addInconsistent(index: number, { column, latestBy }: Matching & { kind: 'customers' }): void {
    this.flush()
    const [value, name] = [quoteName(column), `layer_${index}`]
    this.shared.push(`${name} as materialized (${this.relation})`)
    const counted = `select customer_id, ${value} as value, count(*) as times, max(${latestBy ? quoteName(latestBy) : 'null'}) as latest
      from ${name} where __verdict is null and ${value} is not null group by customer_id, ${value}`
    const placed = `select customer_id, value, row_number() over (partition by customer_id order by times desc, latest desc nulls last, value) as place,
      count(*) over (partition by customer_id) as different from (${counted})`
    this.relation = `select l.*, coalesce(l.__verdict is null and l.${value} <> k.value, false) as __match_${index}, k.value as ${KEPT_VALUE}
      from ${name} l left join (select customer_id, value from (${placed}) where place = 1 and different > 1) k on k.customer_id = l.customer_id`
    this.pending.push({ index, condition: null })
    this.flush()
    if (this.rules[index]!.changes.length === 0)
      this.relation = `select * exclude (${KEPT_VALUE}) from (${this.relation})`
  }

  change(index: number, changes: readonly PlacedChange[]): void {
    const applies = `__match_${index} and __verdict is null`
    const replaced = changes.map(
      ({ column, value }) => `case when ${applies} then ${value} else ${quoteName(column)} end as ${quoteName(column)}`,
    )
    const recorded = changes.flatMap(({ column, value, raw, before, after }) => [
      `case when ${applies} then cast(${quoteName(column)} as varchar) end as ${before}`,
      `case when ${applies} then cast(${value} as varchar) end as ${after}`,
      ...(raw ? [`${quoteName(column)} as ${rawName(column)}`] : []),
    ])
    const exclude = this.rules[index]!.matches.kind === 'customers' ? ` exclude (${KEPT_VALUE})` : ''
    this.relation = `select *${exclude} replace (${replaced.join(', ')}), ${recorded.join(', ')} from (${this.relation})`
  }

  finish(): string {
    this.flush()
    return `${this.shared.length > 0 ? `with ${this.shared.join(', ')} ` : ''}select * from (${this.relation})`
  }

  private rejects(index: number): boolean {
    const rule = this.rules[index]!
    return !isReturnRule(rule) && rule.action !== 'fix' && rule.matches.kind !== 'copies'
  }

  /** Later rules may change what the class speaks of. */
  private classOf(index: number, condition: string): readonly string[] {
    const { action, maxShare, reasonClass } = this.rules[index]!
    if (!this.keepsClasses || (action !== 'fail' && maxShare === undefined)) return []
    return [`case when ${condition} then ${reasonClass} end as __class_${index}`]
  }
}
