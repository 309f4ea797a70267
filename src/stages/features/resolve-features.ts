import { z } from 'zod'
import { ConfigInvalid } from '../../errors/config-invalid.ts'
import { catalogue } from './catalogue.ts'
import type { CatalogueEntry } from './catalogue/entry.ts'
import { checkRepeated, checkRequest, unknownName } from './check-requests.ts'
import type { FeatureProblem, FeatureRequested, MappedColumns } from './check-requests.ts'
import type { FeaturesConfig, FeatureSettings, FeatureSpec } from './config.ts'
import { sqlEntry } from './sql-feature.ts'

/**
 * The requested features in order, with every setting resolved.
 *
 * @param mapped absent: not checked
 * @throws ConfigInvalid with the first of `findProblems`
 */
export function resolveFeatures(config: FeaturesConfig, mapped?: MappedColumns): readonly FeatureSpec[] {
  const [problem] = findProblems(config, mapped)
  if (problem)
    throw new ConfigInvalid(
      `features${pathText(problem.path)} is ${problem.came}; wanted: ${problem.wanted}.`,
      problem.hint ?? 'Mend the entry under features; `resegment features` lists what there is.',
    )
  return requestsOf(config).map(({ name, settings }) => specOf(name, settings, config))
}

/** Everything that is wrong with the list of features beyond its schema. */
export function findProblems(config: FeaturesConfig, mapped?: MappedColumns): readonly FeatureProblem[] {
  const shape = config.flatMap((entry, index): readonly FeatureProblem[] => {
    if (typeof entry === 'string' || Object.keys(entry).length === 1) return []
    const names = Object.keys(entry)
    const came = names.length === 0 ? 'no feature' : names.join(' and ')
    return [{ path: [index], came, wanted: 'one feature an entry: `- { monetary: { window: 12 months } }`' }]
  })
  if (shape.length > 0) return shape
  const requests = requestsOf(config)
  const columns = requests.map(({ name, settings }) => instanceName(name, settings, config))
  return requests.flatMap((request, index) => [
    ...checkOne(request, mapped),
    ...checkRepeated(request, columns[index]!, columns.slice(0, index)),
  ])
}

function checkOne(request: FeatureRequested, mapped: MappedColumns | undefined): readonly FeatureProblem[] {
  const { name, settings } = request
  const known = catalogue[name]
  if (!known && settings.sql === undefined) return [unknownName(request)]
  return checkRequest(request, known ?? sqlEntry(specOf(name, settings, [])), known !== undefined, mapped)
}

/** The entry that computes a resolved feature. */
export function entryOf(spec: FeatureSpec): CatalogueEntry {
  return spec.sql ? sqlEntry(spec) : catalogue[spec.feature]!
}

/** What a feature measures, as text: two runs are comparable only where it is the same. */
export function measureOf({ feature, window, settings, sql }: FeatureSpec): string {
  return JSON.stringify([feature, window, settings, sql])
}

/** Instance → what segments are called that are low or high in it. */
export function phrasesOf(
  specs: readonly FeatureSpec[],
): Readonly<Record<string, NonNullable<CatalogueEntry['phrases']>>> {
  return Object.fromEntries(
    specs.flatMap((spec) => {
      const { phrases } = entryOf(spec)
      return phrases ? [[spec.column, phrases] as const] : []
    }),
  )
}

/** Columns of features that grow from run to run by themselves. */
export function growingColumns(specs: readonly FeatureSpec[]): readonly string[] {
  return specs.filter((spec) => entryOf(spec).grows === true).map(({ column }) => column)
}

function pathText(path: FeatureProblem['path']): string {
  return path.map((step) => (typeof step === 'number' ? `[${step}]` : `.${step}`)).join('')
}

function requestsOf(config: FeaturesConfig): readonly FeatureRequested[] {
  return config.flatMap((entry, index): readonly FeatureRequested[] => {
    if (typeof entry === 'string') return [{ name: entry, settings: {}, path: [index] }]
    return Object.entries(entry).flatMap(([name, settings]) =>
      Array.isArray(settings)
        ? settings.map((one: FeatureSettings, at) => ({ name, settings: one, path: [index, name, at] }))
        : [{ name, settings: settings as FeatureSettings, path: [index, name] }],
    )
  })
}

function instanceName(name: string, { as, window, cutoff }: FeatureSettings, config: FeaturesConfig): string {
  if (as !== undefined) return as
  if (requestsOf(config).filter((other) => other.name === name).length === 1) return name
  const span = [...(window === undefined ? [] : [window]), ...(typeof cutoff === 'string' ? [`before ${cutoff}`] : [])]
  return [name, ...span].join('_').replaceAll(' ', '_')
}

function specOf(name: string, settings: FeatureSettings, config: FeaturesConfig): FeatureSpec {
  const known = catalogue[name]
  const type = known?.type ?? settings.type ?? 'numeric'
  const isFree = type === 'ordinal' || type === 'boolean'
  return {
    column: instanceName(name, settings, config),
    feature: name,
    type,
    unit: known?.unit ?? settings.unit ?? (type === 'category' ? 'text' : 'count'),
    window: settings.window ?? null,
    transform: settings.transform ?? known?.transform ?? (type === 'category' ? 'oneHot' : 'none'),
    winsorise: settings.winsorise ?? (isFree ? { lower: 0, upper: 1 } : { lower: 0.005, upper: 0.995 }),
    scale: settings.scale ?? 'standard',
    weight: settings.weight ?? 1,
    impute: settings.impute ?? 'median',
    flagMissing: settings.flagMissing ?? false,
    levels: {
      pinned: settings.levels ?? null,
      maxLevels: settings.maxLevels ?? 12,
      minShare: settings.minShare ?? 0.01,
    },
    prior: settings.prior ?? 0.01,
    settings: z.object(known?.settings ?? {}).parse(settings),
    sql: known ? null : { expression: settings.sql ?? 'null', of: settings.of ?? 'lines' },
  }
}
