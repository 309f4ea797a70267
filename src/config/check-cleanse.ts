import type { Pipeline } from '../plan/pipeline.ts'
import type { Project } from '../plan/project.ts'
import type { CleanseRule } from '../stages/cleanse/config.ts'
import { ruleRole } from '../stages/cleanse/name-rules.ts'
import { primaryRole, sourcesByRole } from '../stages/extract/config.ts'
import type { ColumnExpression } from '../stages/extract/config.ts'
import { roles } from '../run/data-roles.ts'
import type { ColumnType, CarriedRole } from '../run/data-roles.ts'
import { checkCombination } from './check-rule.ts'
import { quote, suggestName } from './describe-value.ts'
import type { Finding, KeyPath } from './yaml-file.ts'

/** Rules against the columns that the sources of their roles map, against one another, and each in itself. */
export function checkCleanse({ cleanse, extract }: Pipeline, project: Project): readonly Finding[] {
  const sources = new Map<string, readonly string[]>(sourcesByRole(extract))
  const primary = primaryRole(extract)
  return cleanse.flatMap((rule, index) => {
    const path = ['cleanse', index]
    const role = ruleRole(rule, primary)
    const names = sources.get(role)
    if (!names) return [unusedRole(rule, role, path)]
    const columns = columnsOf(role, names, project)
    return [
      ...namedColumns(rule, path).flatMap((named) => checkColumn(named, role, columns)),
      ...checkCombination(rule, path, { role, primary, columns }),
      ...checkRepeated(cleanse, index, primary),
    ]
  })
}

function unusedRole(rule: CleanseRule, role: CarriedRole, path: KeyPath): Finding {
  const wanted = `a role that the pipeline reads; extract.${role} names no source`
  return { path: [...path, 'of' in rule && rule.of ? 'of' : 'rule'], came: `a rule about ${role}`, wanted }
}

/** Columns that a source of the role maps or looks up, with their types; the required ones, whose lack is told with the source. */
function columnsOf(role: CarriedRole, names: readonly string[], project: Project): ReadonlyMap<string, ColumnType> {
  const known = roles[role].columns
  const columns = new Map<string, ColumnType>(roles[role].required.map((name) => [name, known[name]!]))
  for (const name of names) {
    const source = project.sources[name]
    // A source that is not there is a problem of its own.
    if (!source) for (const [column, type] of Object.entries(known)) columns.set(column, type)
    for (const [column, expression] of Object.entries(source?.columns ?? {}))
      columns.set(column, known[column] ?? typeOf(expression))
    for (const { source: other, columns: taken } of source?.lookups ?? [])
      for (const column of taken) {
        const expression = project.sources[other]?.columns[column]
        if (!columns.has(column)) columns.set(column, known[column] ?? typeOf(expression))
      }
  }
  return columns
}

function typeOf(expression: ColumnExpression | undefined): ColumnType {
  return (typeof expression === 'object' ? expression.type : undefined) ?? 'text'
}

interface NamedColumn {
  readonly column: string
  readonly path: KeyPath
  /** What the rule does with it. Default: any type will do. */
  readonly kind?: 'numbers' | 'text' | 'instants'
}

const typesOf: Readonly<Record<NonNullable<NamedColumn['kind']>, readonly ColumnType[]>> = {
  numbers: ['decimal', 'integer'],
  text: ['text'],
  instants: ['timestamp', 'date'],
}

function namedColumns(rule: CleanseRule, path: KeyPath): readonly NamedColumn[] {
  const one = (key: string, column: string | undefined, kind?: NamedColumn['kind']): readonly NamedColumn[] =>
    column === undefined ? [] : [{ column, path: [...path, key], ...(kind && { kind }) }]
  const all = (key: string, columns: readonly string[] = [], kind?: NamedColumn['kind']): readonly NamedColumn[] =>
    columns.map((column, index) => ({ column, path: [...path, key, index], ...(kind && { kind }) }))
  switch (rule.rule) {
    case 'required':
      return all('columns', rule.columns)
    case 'range':
    case 'outliers':
      return one('column', rule.column, 'numbers')
    case 'allowed':
      return one('column', rule.column)
    case 'pattern':
      return one('column', rule.column, 'text')
    case 'future':
      return all('columns', rule.columns, 'instants')
    case 'duplicates':
      return [...all('by', rule.by), ...one('column', rule.column)]
    case 'cancellations':
      return all('match', rule.match)
    case 'stale':
      return [...one('column', rule.column, 'instants'), ...all('columns', rule.columns)]
    case 'inconsistent':
      return [...one('column', rule.column), ...one('latestBy', rule.latestBy, 'instants')]
    default:
      return []
  }
}

function checkColumn(
  { column, path, kind }: NamedColumn,
  role: CarriedRole,
  columns: ReadonlyMap<string, ColumnType>,
): readonly Finding[] {
  const fitting = [...columns].filter(([, type]) => !kind || typesOf[kind].includes(type)).map(([name]) => name)
  if (fitting.includes(column)) return []
  const what = kind === undefined ? `a mapped column of the ${role}` : `a mapped column that holds ${kind}`
  return [
    {
      path,
      came: quote(column),
      wanted: `${what}: ${fitting.join(', ') || 'none is'}`,
      hint: suggestName(column, fitting),
    },
  ]
}

/** One rule of each of these does everything there is to do for a role. */
const ONCE: readonly CleanseRule['rule'][] = ['types', 'unmatched', 'cancellations', 'inactive', 'contested']

/** Nothing is left to do for a rule after another that does the same. */
function checkRepeated(rules: readonly CleanseRule[], index: number, primary: CarriedRole): readonly Finding[] {
  const kindOf = (rule: CleanseRule): string | null => {
    const role = ruleRole(rule, primary)
    if (ONCE.includes(rule.rule)) return `${rule.rule} of ${role}`
    if (rule.rule === 'duplicates' && !rule.by) return `duplicates of ${role}`
    return rule.rule === 'sql' ? `sql ${rule.name} of ${role}` : null
  }
  const kind = kindOf(rules[index]!)
  const first = rules.findIndex((rule) => kindOf(rule) === kind)
  if (kind !== null && first !== index)
    return [
      {
        path: ['cleanse', index, 'rule'],
        came: `${kind}, again`,
        wanted: `one rule ${kind}; cleanse[${first}] is one`,
      },
    ]
  const rule = rules[index]!
  const byKey = rules.findIndex(
    (other) => other.rule === 'duplicates' && other.by && ruleRole(other, primary) === ruleRole(rule, primary),
  )
  if (rule.rule !== 'duplicates' || rule.by || byKey < 0 || byKey > index) return []
  const wanted = `this rule before cleanse[${byKey}], or not at all: no two equal rows are left after it`
  return [{ path: ['cleanse', index, 'rule'], came: 'duplicates after duplicates by columns', wanted }]
}
