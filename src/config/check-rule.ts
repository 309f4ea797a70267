import type { CleanseRule } from '../stages/cleanse/config.ts'
import { roles } from '../run/data-roles.ts'
import type { ColumnType, CarriedRole } from '../run/data-roles.ts'
import { describeValue, quote } from './describe-value.ts'
import type { Finding, KeyPath } from './yaml-file.ts'

/** Where a rule works. */
export interface RulePlace {
  readonly role: CarriedRole
  readonly primary: CarriedRole
  readonly columns: ReadonlyMap<string, ColumnType>
}

/** Keys of one rule that mean nothing together. */
export function checkCombination(rule: CleanseRule, path: KeyPath, place: RulePlace): readonly Finding[] {
  const finding = (key: string, came: string, wanted: string): Finding => ({ path: [...path, key], came, wanted })
  switch (rule.rule) {
    case 'range':
      return [...checkBounds(rule, path), ...checkFixedBounds(rule, path)]
    case 'allowed':
      return [...checkReplacement(rule, path), ...checkEmptied(rule, [rule.column], rule.to === null, path, place)]
    case 'pattern':
      return [
        ...checkExpression(rule.matches, [...path, 'matches']),
        ...checkEmptied(rule, [rule.column], true, path, place),
      ]
    case 'future':
      return checkEmptied(rule, rule.columns ?? [], true, path, place)
    case 'stale':
      if (rule.do === 'fix' && !rule.columns)
        return [finding('do', 'fix without columns', 'columns: the attributes that are left empty')]
      if (rule.do !== 'fix' && rule.columns)
        return [
          finding('columns', describeValue(rule.columns), `no columns beside do: ${rule.do}, which rejects the row`),
        ]
      return checkEmptied(rule, rule.columns ?? [], true, path, place)
    case 'duplicates':
      if (!rule.by && (rule.keep || rule.column))
        return [
          finding(rule.keep ? 'keep' : 'column', 'a choice among equal rows', 'by: the columns that tell rows apart'),
        ]
      if (rule.keep === 'highest' && !rule.column)
        return [finding('keep', 'highest', 'column: whose highest value stays')]
      if (rule.by && !rule.column && !place.columns.has('occurred_at'))
        return [
          finding(
            'by',
            `rows of ${place.role}, which have no occurred_at`,
            'column: the column that decides which row stays',
          ),
        ]
      return []
    case 'cancellations':
      return rule.match && rule.do !== 'net'
        ? [finding('match', describeValue(rule.match), 'no match, or do: net')]
        : []
    case 'testCustomers':
      if (!rule.ids && !rule.pattern && !rule.when)
        return [{ path, came: 'testCustomers that says nobody', wanted: 'one or more of ids, pattern, when' }]
      return rule.pattern ? checkExpression(rule.pattern, [...path, 'pattern']) : []
    case 'outliers': {
      const { lower, upper } = rule.quantiles ?? {}
      if ((rule.quantiles === undefined) === (rule.madTimes === undefined))
        return [
          {
            path,
            came: rule.quantiles ? 'quantiles and madTimes' : 'outliers without bounds',
            wanted: 'one of quantiles and madTimes',
          },
        ]
      if (!rule.quantiles) return []
      if (lower === undefined && upper === undefined) return [finding('quantiles', '{}', 'lower, upper or both')]
      return lower !== undefined && lower === upper
        ? [finding('quantiles', `from ${lower} to ${upper}`, 'lower below upper')]
        : []
    }
    case 'inconsistent':
      return rule.column === 'customer_id'
        ? [finding('column', 'customer_id', 'an attribute: a customer has one id')]
        : []
    case 'unmatched':
      return place.role === 'transactions' || place.role === 'customers'
        ? [
            finding(
              'of',
              place.role,
              'events, survey, tickets or touches: transactions and customers tell who there is',
            ),
          ]
        : []
    default:
      return []
  }
}

type RangeRule = CleanseRule & { rule: 'range' }

function checkBounds(rule: RangeRule, path: KeyPath): readonly Finding[] {
  const lower = [rule.above, rule.atLeast].filter((bound) => bound !== undefined)
  const upper = [rule.below, rule.atMost].filter((bound) => bound !== undefined)
  if (lower.length + upper.length === 0)
    return [{ path, came: 'a range without bounds', wanted: 'one of above, atLeast, below, atMost' }]
  if (lower.length > 1 || upper.length > 1)
    return [{ path, came: 'two bounds on one side', wanted: 'above or atLeast, and below or atMost' }]
  const [from, to] = [lower[0] ?? -Infinity, upper[0] ?? Infinity]
  if (from < to || (from === to && from === rule.atLeast && to === rule.atMost)) return []
  return [{ path, came: `from ${from} to ${to}`, wanted: 'a lower bound below the upper one: no value could pass' }]
}

function checkFixedBounds(rule: RangeRule, path: KeyPath): readonly Finding[] {
  const open = rule.above !== undefined ? 'above' : rule.below !== undefined ? 'below' : undefined
  if (rule.do !== 'fix' || !open) return []
  const wanted = `${open === 'above' ? 'atLeast' : 'atMost'} beside do: fix, which sets values to the bound`
  return [{ path: [...path, open], ofKey: true, came: open, wanted }]
}

function checkReplacement(rule: CleanseRule & { rule: 'allowed' }, path: KeyPath): readonly Finding[] {
  if (rule.do === 'fix' && rule.to === undefined)
    return [{ path: [...path, 'do'], came: 'fix without to', wanted: 'to: what stands there instead, or null' }]
  if (rule.do !== 'fix' && rule.to !== undefined)
    return [
      {
        path: [...path, 'to'],
        came: describeValue(rule.to),
        wanted: `no to beside do: ${rule.do}, which rejects the row`,
      },
    ]
  if (rule.to == null || rule.values.includes(rule.to)) return []
  return [{ path: [...path, 'to'], came: describeValue(rule.to), wanted: 'one of values' }]
}

/** What every later stage reads cannot be left empty. */
function checkEmptied(
  rule: CleanseRule,
  columns: readonly string[],
  empties: boolean,
  path: KeyPath,
  { role }: RulePlace,
): readonly Finding[] {
  const needed = columns.find((column) => roles[role].required.includes(column))
  if (rule.do !== 'fix' || !empties || !needed) return []
  return [
    {
      path: [...path, 'do'],
      came: `fix of ${needed}`,
      wanted: `another action: ${role} without ${needed} are of no use`,
    },
  ]
}

/** The engine's expressions are RE2: of what JavaScript takes, it refuses looking around and back. */
function checkExpression(text: string, path: KeyPath): readonly Finding[] {
  const refused = /\(\?(?:[=!]|<[=!])|\\[1-9]/.exec(text)
  if (refused) return [{ path, came: quote(text), wanted: `a regular expression without ${refused[0]}: RE2 has none` }]
  try {
    new RegExp(text.replace(/^\(\?[a-z]+\)/, ''))
    return []
  } catch {
    return [{ path, came: quote(text), wanted: 'a regular expression' }]
  }
}
