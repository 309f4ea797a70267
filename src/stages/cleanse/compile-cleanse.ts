import { quoteName, quoteText } from '../../sql/sql-text.ts'
import type { CarriedRole } from '../../run/data-roles.ts'
import { compileRule } from './compile-rule.ts'
import type { CompiledRule, RuleFacts } from './compiled-rule.ts'
import { fixesQuery } from './fix-rows.ts'
import { copiesRuleOf, isFolded, isReturnRule, judgeRows, rawName } from './judge-rows.ts'
import type { NamedRule } from './name-rules.ts'
import { compileNetting } from './net-returns.ts'
import type { CompiledNetting } from './net-returns.ts'
import { BUCKET, mappedColumns, ROW, SOURCE_NAME, TYPE_FAULTS } from './raw-columns.ts'
import type { RawColumn } from './raw-columns.ts'

/** Raised whenever the stage's meaning changes. */
export const CLEANSE_VERSION = 4

/** A query with a total order of its rows, and the columns of it that are not written. */
export interface OrderedQuery {
  readonly query: string
  readonly orderBy: string
  readonly omitted: readonly string[]
}

/** The SQL of a role of a shard. `judged` reads the raw relation; everything else reads a table `judged` made of that query. */
export interface CompiledCleanse {
  readonly role: CarriedRole
  /** The relation of raw rows. */
  readonly raw: string
  readonly rules: readonly CompiledRule[]
  readonly judged: string
  readonly clean: OrderedQuery
  readonly rejects: OrderedQuery
  /** (source VARCHAR, rows_in, rows_out, and matched_<i>, rejected_<i>, fixed_<i> for rule i), a row a source. */
  readonly counts: string
  /** (rule INTEGER, reason VARCHAR, rows BIGINT) of the rules that can fail a run; no value of a row in it. */
  readonly reasons: string
  /** Queries of the fixes file: what the rules changed in rows that stayed. */
  readonly fixes: readonly string[]
  /** Set when a rule nets returns: to be done between `judged` and everything else. */
  readonly netting: CompiledNetting | null
}

const SIGNED_COLUMNS = ['amount', 'quantity', 'discount', 'cost']

/**
 * Compiles cleansing of one role of one shard.
 *
 * A rule's `matched` counts the rows that match it, whatever other rules say of them; a row is rejected by the first rule that matches it
 * and rejects. Rules that look at other rows (`duplicates` with `by`, `inconsistent`) see only what the rules before them left. Lines of
 * `cancellations` that are not dropped stay as returns (`is_return`): their amount, quantity, discount and cost become negative, whichever sign
 * the source gives them, and `range` and `outliers` after the rule leave these columns of them alone. Any line with an amount below 0 is a return.
 *
 * @param raw name of the relation of raw rows; see `placedRows`
 * @param columns of that relation, in order
 * @throws ConfigInvalid when a rule does not fit the columns
 */
export function compileCleanse(
  named: readonly NamedRule[],
  raw: string,
  columns: readonly RawColumn[],
  facts: Omit<RuleFacts, 'keepsUnreadable'>,
): CompiledCleanse {
  const mapped = mappedColumns(columns)
  const keepsUnreadable = named.some(({ rule }) => rule.rule === 'types' && rule.do === 'fix')
  const rules = spareReturns(
    named,
    named.map((rule) => compileRule(rule, mapped, { ...facts, keepsUnreadable })),
  )
  const names = [BUCKET, ...mapped.map(({ name }) => name), SOURCE_NAME]
  const rawNames = [...names, TYPE_FAULTS]
  const judged = judgeRows(rules, raw, rawNames)
  const signed = mapped.filter(({ name }) => SIGNED_COLUMNS.includes(name))
  const netting = compileNetting(named, rules, mapped, signed)
  const asItCame = rawNames.map((name) =>
    judged.changed.includes(name) ? `${rawName(name)} as ${quoteName(name)}` : quoteName(name),
  )
  return {
    role: facts.role,
    raw,
    rules,
    judged: judged.query,
    clean: { query: cleanQuery(facts.role, names, rules, signed, netting), orderBy: ROW, omitted: [ROW] },
    rejects: { query: rejectsQuery(rules, asItCame, rawNames), orderBy: `${ROW}, rule`, omitted: [ROW] },
    counts: countsQuery(rules),
    reasons: reasonsQuery(rules, judged.changed.length > 0),
    fixes: [
      ...judged.changes.map((change) => fixesQuery(facts.role, rules[change.rule]!.name, mapped, change)),
      ...(netting?.fixes ?? []),
    ],
    netting,
  }
}

/** A bound speaks of what is bought: returns would all be outside. */
function spareReturns(named: readonly NamedRule[], rules: readonly CompiledRule[]): readonly CompiledRule[] {
  return rules.map((rule, index) => {
    const source = named[index]!.rule
    const returns = rules.flatMap((other, before) =>
      before < index && isReturnRule(other) ? [`not __match_${before}`] : [],
    )
    const speaksOfSign =
      (source.rule === 'range' || source.rule === 'outliers') && SIGNED_COLUMNS.includes(source.column)
    if (!speaksOfSign || rule.matches.kind !== 'row' || returns.length === 0) return rule
    return { ...rule, matches: { kind: 'row', condition: `(${[rule.matches.condition, ...returns].join(' and ')})` } }
  })
}

function cleanQuery(
  role: CarriedRole,
  names: readonly string[],
  rules: readonly CompiledRule[],
  signed: readonly RawColumn[],
  netting: CompiledNetting | null,
): string {
  const returns = rules.flatMap((rule, index) => (isReturnRule(rule) ? [`__match_${index}`] : []))
  if (role !== 'transactions')
    return `select ${names.map(quoteName).join(', ')}, ${ROW} from judged where __verdict is null`
  const valueOf = (name: string): string => {
    const column = signed.find((one) => one.name === name)
    if (!column || returns.length === 0) return quoteName(name)
    const negative = `when ${returns.join(' or ')} then cast(-abs(${quoteName(name)}) as ${column.type})`
    return `case ${[...(netting?.cases(column) ?? []), negative].join(' ')} else ${quoteName(name)} end as ${quoteName(name)}`
  }
  return `
    select ${names.map(valueOf).join(', ')}, ${['amount < 0', ...returns].join(' or ')} as is_return, ${ROW}
    from judged ${netting?.joins ?? ''}
    where __verdict is null`
}

/** Whether the copies of a row beyond the first go to the duplicates: unless a rule before that takes all of them. */
function beyondFirst(rules: readonly CompiledRule[]): string {
  return isFolded(rules) ? `(__copies > 1 and (__verdict is null or __verdict > ${copiesRuleOf(rules)}))` : 'false'
}

function rejectsQuery(
  rules: readonly CompiledRule[],
  asItCame: readonly string[],
  rawNames: readonly string[],
): string {
  const caseOf = (texts: readonly string[]): string =>
    `case __verdict ${texts.map((text, index) => `when ${index} then ${text}`).join(' ')} end`
  const copies = copiesRuleOf(rules)
  const judged = `
    select ${asItCame.join(', ')}, ${ROW}, ${caseOf(rules.map((rule) => quoteText(rule.name)))} as rule, ${caseOf(rules.map((rule) => rule.reason))} as reason,
      case when ${beyondFirst(rules)} then 1 else __copies end as __times
    from judged
    where __verdict is not null`
  const duplicates = isFolded(rules)
    ? `
    union all
    select ${asItCame.join(', ')}, ${ROW}, ${quoteText(rules[copies]!.name)}, ${rules[copies]!.reason}, __copies - 1
    from judged
    where ${beyondFirst(rules)}`
    : ''
  return `select ${rawNames.map(quoteName).join(', ')}, rule, reason, ${ROW} from (select *, unnest(range(__times)) from (${judged}${duplicates}))`
}

function countsQuery(rules: readonly CompiledRule[]): string {
  const total = (expression: string, condition: string): string =>
    `cast(coalesce(sum(${expression}) filter (where ${condition}), 0) as bigint)`
  const extra = beyondFirst(rules)
  const copies = copiesRuleOf(rules)
  const perRule = rules.flatMap(({ matches, changes }, index) => {
    if (matches.kind === 'copies')
      return [
        `${total('__copies - 1', `__match_${index}`)} as matched_${index}`,
        `${index === copies ? total('__copies - 1', extra) : 'cast(0 as bigint)'} as rejected_${index}`,
        `cast(0 as bigint) as fixed_${index}`,
      ]
    const left = `case when ${extra} then 1 else __copies end`
    const seesLeft = matches.kind !== 'row' && isFolded(rules) && copies < index
    return [
      `${total(seesLeft ? left : '__copies', `__match_${index}`)} as matched_${index}`,
      `${total(left, `__verdict = ${index}`)} as rejected_${index}`,
      `${changes.length > 0 ? total(left, `__match_${index} and __verdict is null`) : 'cast(0 as bigint)'} as fixed_${index}`,
    ]
  })
  return `
    select ${quoteName(SOURCE_NAME)} as source, ${total('__copies', 'true')} as rows_in,
      ${total(isFolded(rules) ? '1' : '__copies', '__verdict is null')} as rows_out,
      ${perRule.join(',\n      ')}
    from judged
    group by ${quoteName(SOURCE_NAME)}
    order by ${quoteName(SOURCE_NAME)}`
}

function reasonsQuery(rules: readonly CompiledRule[], keepsClasses: boolean): string {
  const canFail = rules.flatMap((rule, index) => {
    if (rule.action !== 'fail' && rule.maxShare === undefined) return []
    const reason =
      keepsClasses && (rule.matches.kind === 'row' || rule.matches.kind === 'copies')
        ? `__class_${index}`
        : rule.reasonClass
    const copies = rule.matches.kind === 'copies' ? '__copies - 1' : '__copies'
    return [`select ${index} as rule, ${reason} as reason, ${copies} as copies from judged where __match_${index}`]
  })
  const rows =
    canFail.length > 0 ? canFail.join('\nunion all\n') : "select 0 as rule, '' as reason, 0 as copies where false"
  return `
    select rule, reason, cast(sum(copies) as bigint) as rows
    from (${rows})
    group by rule, reason
    order by rule, rows desc, reason`
}
