import { z } from 'zod'
import type { DataRole } from '../../run/data-roles.ts'
import { featureNames } from './catalogue.ts'
import type { CatalogueEntry, FeatureType, Transform } from './catalogue/entry.ts'
import { generalKeys, sqlKeys } from './config.ts'
import type { FeatureSettings } from './config.ts'

/** Role → columns that its sources map; a role without a source is absent. */
export type MappedColumns = Readonly<Partial<Record<DataRole, readonly string[]>>>

/** What is wrong with an entry of `features`, and where in it. */
export interface FeatureProblem {
  /** Index in the list, then name, index among several, key. */
  readonly path: readonly (string | number)[]
  readonly came: string
  readonly wanted: string
  /** What can be done about it. */
  readonly hint?: string
  /** Names that might have been meant, when one that came is unknown. */
  readonly unknown?: { readonly name: string; readonly among: readonly string[] }
}

/** One instance that is asked for. */
export interface FeatureRequested {
  readonly name: string
  readonly settings: FeatureSettings
  readonly path: readonly (string | number)[]
}

const transformsOf: Readonly<Record<FeatureType, readonly Transform[]>> = {
  numeric: ['none', 'log1p', 'yeoJohnson'],
  count: ['none', 'log1p', 'yeoJohnson'],
  money: ['none', 'log1p', 'yeoJohnson'],
  share: ['none', 'log1p', 'yeoJohnson'],
  ordinal: ['none', 'log1p', 'yeoJohnson'],
  boolean: ['none'],
  category: ['oneHot'],
  composition: ['centredLogRatio', 'none'],
}

/** General settings that mean something for a type. */
const numberKeys = ['winsorise', 'scale', 'impute', 'flagMissing']
const levelKeys = ['levels', 'maxLevels', 'minShare']
const idleKeys: Readonly<Record<'number' | 'category' | 'composition', readonly string[]>> = {
  number: [...levelKeys, 'prior'],
  category: [...numberKeys, 'prior'],
  composition: numberKeys,
}

/** A name that neither the catalogue nor the pipeline explains. */
export function unknownName({ name, path }: FeatureRequested): FeatureProblem {
  const wanted = 'a feature of the catalogue, or `sql` for one of your own'
  return { path, came: `name "${name}"`, wanted, unknown: { name, among: featureNames } }
}

/**
 * @param isKnown whether the entry is of the catalogue; else it is made of `sql`
 * @param mapped absent: not checked
 */
export function checkRequest(
  { settings, path }: FeatureRequested,
  entry: CatalogueEntry,
  isKnown: boolean,
  mapped: MappedColumns | undefined,
): readonly FeatureProblem[] {
  return [
    ...checkKeys(entry, isKnown, settings, path),
    ...checkOwnSettings(entry, settings, path),
    ...checkTransform(entry, settings, path),
    ...checkWindow(entry, settings, path),
    ...checkQuantiles(settings, path),
    ...checkNeeds(entry, settings, path, mapped),
  ]
}

function checkKeys(
  { name, type, settings: own = {} }: CatalogueEntry,
  isKnown: boolean,
  settings: FeatureSettings,
  path: FeatureRequested['path'],
): readonly FeatureProblem[] {
  const kind = type === 'category' || type === 'composition' ? type : 'number'
  const allowed = [
    ...generalKeys.filter((key) => !idleKeys[kind].includes(key)),
    ...(isKnown ? [] : sqlKeys),
    ...Object.keys(own),
  ]
  return Object.keys(settings)
    .filter((key) => settings[key] !== undefined && !allowed.includes(key))
    .map((key) => {
      const wanted =
        isKnown && key === 'sql'
          ? `another name: ${name} is in the catalogue`
          : `one of the keys of ${name}: ${allowed.join(', ')}`
      return { path: [...path, key], came: `key "${key}"`, wanted, unknown: { name: key, among: allowed } }
    })
}

function checkOwnSettings(
  { name, settings: own }: CatalogueEntry,
  settings: FeatureSettings,
  path: FeatureRequested['path'],
): readonly FeatureProblem[] {
  const checked = z.object(own ?? {}).safeParse(settings)
  return (checked.error?.issues ?? []).map((issue) => {
    const key = String(issue.path[0])
    const came = settings[key] === undefined ? `no ${key}` : `${key} ${JSON.stringify(settings[key])}`
    return { path, came, wanted: `${key} for ${name}: ${own?.[key]?.description ?? issue.message}` }
  })
}

function checkTransform(
  { name, type }: CatalogueEntry,
  { transform }: FeatureSettings,
  path: FeatureRequested['path'],
): readonly FeatureProblem[] {
  const known = transformsOf[type]
  if (transform === undefined || known.includes(transform)) return []
  const wanted = `a transform for ${name}, which is a ${type}: ${known.join(', ')}`
  return [{ path: [...path, 'transform'], came: `"${transform}"`, wanted }]
}

function checkWindow(
  { name, window: kind }: CatalogueEntry,
  { window }: FeatureSettings,
  path: FeatureRequested['path'],
): readonly FeatureProblem[] {
  if (window === undefined || kind === 'any') return []
  const why = kind === 'fixed' ? 'looks at a time span of its own' : 'is of the as-of alone'
  return [{ path: [...path, 'window'], came: `"${window}"`, wanted: `no window: ${name} ${why}` }]
}

function checkQuantiles({ winsorise }: FeatureSettings, path: FeatureRequested['path']): readonly FeatureProblem[] {
  if (!winsorise || winsorise.lower < winsorise.upper) return []
  const came = `from ${winsorise.lower} to ${winsorise.upper}`
  return [{ path: [...path, 'winsorise'], came, wanted: 'lower below upper: every value would become the same' }]
}

function checkNeeds(
  { name, needs }: CatalogueEntry,
  { costPer, column }: FeatureSettings,
  path: FeatureRequested['path'],
  mapped: MappedColumns | undefined,
): readonly FeatureProblem[] {
  if (!mapped) return []
  const named = typeof column === 'string' ? needs.map(({ role }) => ({ role, columns: [column] })) : []
  const ofUnits = costPer === 'unit' ? [{ role: 'transactions' as const, columns: ['quantity'] }] : []
  const all = [...needs, ...named, ...ofUnits]
  return all.flatMap(({ role, columns }) => {
    const there = mapped[role]
    if (!there)
      return [{ path, came: name, wanted: `a feature whose data is read: ${name} needs a source for extract.${role}` }]
    const missing = columns.filter((column) => !there.includes(column))
    if (missing.length === 0) return []
    const wanted = `features whose columns are mapped: ${name} needs ${missing.join(', ')} among the columns of the ${role}`
    return [
      { path, came: name, wanted, hint: `Map ${missing.join(', ')} under columns of the source, or remove ${name}.` },
    ]
  })
}

/** @param earlier columns of the entries before */
export function checkRepeated(
  { path }: FeatureRequested,
  column: string,
  earlier: readonly string[],
): readonly FeatureProblem[] {
  const isReserved = ['bucket', 'customer_id'].includes(column.toLowerCase())
  if (isReserved)
    return [{ path, came: `name ${column}`, wanted: 'another name: every artifact has a column of this one' }]
  if (!earlier.some((other) => other.toLowerCase() === column.toLowerCase())) return []
  return [
    {
      path,
      came: `${column}, again`,
      wanted: 'each feature once for a window; give it more weight, or a name by `as`',
    },
  ]
}
