import type { Pipeline } from '../plan/pipeline.ts'
import type { Project } from '../plan/project.ts'
import type { CleanseRule } from '../stages/cleanse/config.ts'
import { canonicalColumns } from '../stages/extract/config.ts'
import { catalogue } from '../stages/features/catalogue.ts'
import type { FeatureName } from '../stages/features/config.ts'
import { gateNames } from '../stages/validate/config.ts'
import { checkZone, transactionColumns } from './check-references.ts'
import { describeValue, quote, suggestName } from './describe-value.ts'
import type { Finding, KeyPath } from './yaml-file.ts'

/** What the keys of a pipeline must be to one another; a schema sees only one at a time. */
export function checkPipeline(fileName: string, pipeline: Pipeline, project: Project): readonly Finding[] {
  const columns = project.sources[pipeline.extract.transactions]?.columns ?? canonicalColumns
  // Required columns that are not mapped are one problem, reported with the source.
  const mapped = [...new Set([...transactionColumns, ...Object.keys(columns)])]
  return [
    ...checkName(fileName, pipeline.pipeline),
    ...checkZone(pipeline.timezone, ['timezone']),
    ...checkZone(pipeline.schedule?.timezone, ['schedule', 'timezone']),
    ...checkOneZone(pipeline),
    ...pipeline.cleanse.flatMap((rule, index) => checkRule(rule, ['cleanse', index], mapped)),
    ...checkRepeatedRules(pipeline.cleanse),
    ...checkFeatures(pipeline.features, mapped),
    ...checkCount(pipeline.cluster.count),
    ...checkGates(pipeline.validate),
    ...checkSegments(fileName, pipeline.segments),
  ]
}

function checkName(fileName: string, name: string): readonly Finding[] {
  if (fileName === name) return []
  return [
    {
      path: ['pipeline'],
      came: quote(name),
      wanted: `${fileName}, the file's name; or rename the file to ${name}.yaml`,
    },
  ]
}

function checkOneZone({ timezone, schedule }: Pipeline): readonly Finding[] {
  if (timezone === undefined || schedule === undefined || timezone === schedule.timezone) return []
  return [
    {
      path: ['timezone'],
      came: quote(timezone),
      wanted: `schedule.timezone, ${schedule.timezone}, or no timezone beside a schedule: run keys and schedule share one zone`,
    },
  ]
}

function checkRule(rule: CleanseRule, path: KeyPath, mapped: readonly string[]): readonly Finding[] {
  if (rule.rule === 'required')
    return rule.columns.flatMap((column, index) => checkColumn(column, [...path, 'columns', index], mapped))
  if (rule.rule !== 'range') return []
  return [...checkNumberColumn(rule.column, [...path, 'column'], mapped), ...checkBounds(rule, path)]
}

function checkColumn(column: string, path: KeyPath, mapped: readonly string[]): readonly Finding[] {
  if (mapped.includes(column)) return []
  const wanted = `a mapped column of the transactions: ${mapped.join(', ')}`
  return [{ path, came: quote(column), wanted, hint: suggestName(column, mapped) }]
}

function checkNumberColumn(column: string, path: KeyPath, mapped: readonly string[]): readonly Finding[] {
  const types: Readonly<Record<string, string>> = canonicalColumns
  const numbers = mapped.filter((name) => types[name] === 'decimal')
  if (numbers.includes(column)) return []
  const wanted = `a mapped column that holds numbers: ${numbers.join(', ')}`
  return [{ path, came: quote(column), wanted, hint: suggestName(column, numbers) }]
}

function checkBounds(rule: CleanseRule & { rule: 'range' }, path: KeyPath): readonly Finding[] {
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

/** One rule of each of these does everything there is to do. */
function checkRepeatedRules(rules: readonly CleanseRule[]): readonly Finding[] {
  return rules.flatMap(({ rule }, index) => {
    const first = rules.findIndex((other) => other.rule === rule)
    if (first === index || (rule !== 'types' && rule !== 'duplicates')) return []
    return [
      {
        path: ['cleanse', index, 'rule'],
        came: `${rule}, again`,
        wanted: `one rule ${rule}; cleanse[${first}] is one`,
      },
    ]
  })
}

function checkFeatures(features: Pipeline['features'], mapped: readonly string[]): readonly Finding[] {
  const asked = features.flatMap((feature, index): { name: FeatureName; path: KeyPath }[] =>
    typeof feature === 'string'
      ? [{ name: feature, path: ['features', index] }]
      : (Object.keys(feature) as FeatureName[]).map((name) => ({ name, path: ['features', index, name] })),
  )
  return [
    ...features.flatMap((feature, index) => (typeof feature === 'string' ? [] : checkSettings(feature, index))),
    ...asked.flatMap(({ name, path }, index) => {
      const first = asked.findIndex((other) => other.name === name)
      if (first === index) return []
      return [{ path, ofKey: true, came: `${name}, again`, wanted: 'each feature once; give it more weight instead' }]
    }),
    ...asked.flatMap(({ name, path }) => {
      const { needs } = catalogue[name]
      if (needs === undefined || mapped.includes(needs)) return []
      const wanted = `features whose columns are mapped: ${name} needs ${needs} among the columns of the transactions`
      return [{ path, ofKey: true, came: name, wanted }]
    }),
  ]
}

/** An entry with settings: one feature, with quantiles and a window that mean something. */
function checkSettings(feature: Exclude<Pipeline['features'][number], string>, index: number): readonly Finding[] {
  const named = Object.entries(feature)
  if (named.length !== 1) {
    const wanted = 'one feature of the catalogue an entry, with or without settings'
    return [{ path: ['features', index], came: describeValue(feature), wanted }]
  }
  return named.flatMap(([name, settings]) => {
    const path = ['features', index, name]
    return [
      ...checkQuantiles(settings.winsorise, [...path, 'winsorise']),
      ...checkWindow(name as FeatureName, settings.window, [...path, 'window']),
    ]
  })
}

function checkWindow(name: FeatureName, window: string | undefined, path: KeyPath): readonly Finding[] {
  if (window === undefined || catalogue[name].window !== 'fixed') return []
  return [{ path, came: quote(window), wanted: `no window: ${name} looks at a time span of its own` }]
}

function checkQuantiles({ lower, upper }: { lower: number; upper: number }, path: KeyPath): readonly Finding[] {
  if (lower < upper) return []
  return [{ path, came: `from ${lower} to ${upper}`, wanted: 'lower below upper: every value would become the same' }]
}

function checkCount(count: Pipeline['cluster']['count']): readonly Finding[] {
  if (typeof count === 'number' || count.from <= count.to) return []
  return [{ path: ['cluster', 'count'], came: `from ${count.from} to ${count.to}`, wanted: 'from at most to' }]
}

/** A gate that only ever holds once it has failed would never hold. */
function checkGates(validate: Pipeline['validate']): readonly Finding[] {
  return gateNames.flatMap((gate) => {
    const { hold, fail } = validate[gate]
    if (!hold || !fail) return []
    const isShadowed =
      ('above' in hold && 'above' in fail && fail.above <= hold.above) ||
      ('below' in hold && 'below' in fail && fail.below >= hold.below)
    if (!isShadowed) return []
    const side = 'above' in fail ? 'above' : 'below'
    return [
      {
        path: ['validate', gate, 'fail'],
        came: `fail ${describeThreshold(fail)}, hold ${describeThreshold(hold)}`,
        wanted: `fail further out than hold (${side === 'above' ? 'higher' : 'lower'}), or only one of them`,
      },
    ]
  })
}

function describeThreshold(threshold: { above: number } | { below: number }): string {
  return 'above' in threshold ? `above ${threshold.above}` : `below ${threshold.below}`
}

function checkSegments(pipeline: string, segments: Pipeline['segments']): readonly Finding[] {
  const named = Object.entries(segments)
  return named.flatMap(([name, { key }], index) => {
    const path = ['segments', name, 'key']
    if (!new RegExp(`^${pipeline}-[1-9]\\d*$`).test(key))
      return [{ path, came: describeValue(key), wanted: `a segment_key of this pipeline, such as ${pipeline}-3` }]
    const first = named.findIndex(([, other]) => other.key === key)
    if (first === index) return []
    return [{ path, came: `${quote(key)}, again`, wanted: `one name for a key; ${named[first]![0]} has it` }]
  })
}
