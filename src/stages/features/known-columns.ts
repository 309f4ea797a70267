import { chooseLevels } from './choose-levels.ts'
import type { FeatureUnit } from './catalogue/entry.ts'
import type { FeatureSpec } from './config.ts'
import { entryOf } from './resolve-features.ts'

/** A column of the features that a definition may name. */
export interface KnownColumn {
  readonly name: string
  readonly type: 'number' | 'text' | 'boolean'
  readonly unit: FeatureUnit
}

/** What the features' columns are before any data is read. */
export interface KnownColumns {
  readonly columns: readonly KnownColumn[]
  /** Compositions whose columns depend on the data, because no levels are pinned. */
  readonly unpinned: readonly string[]
}

/** Columns that every run of a pipeline has: those of all features but the levels that data choose. */
export function knownColumns(specs: readonly FeatureSpec[]): KnownColumns {
  const unpinned: string[] = []
  const columns = specs.flatMap((spec): readonly KnownColumn[] => {
    const { column, type, unit } = spec
    if (type !== 'composition') {
      const kind = type === 'category' ? 'text' : type === 'boolean' ? 'boolean' : 'number'
      return [{ name: column, type: kind, unit }]
    }
    const names = levelNames(spec)
    if (names === null) unpinned.push(column)
    return (names ?? []).map((name) => ({ name, type: 'number', unit }))
  })
  return { columns, unpinned }
}

/** Columns of a composition, null when only data tell. */
function levelNames(spec: FeatureSpec): readonly string[] | null {
  let isOfData = false
  const instant = '2000-01-01T00:00:00Z'
  const { values } = entryOf(spec).compile({
    column: spec.column,
    prefix: 'f_',
    windowStart: null,
    asOf: instant,
    timezone: 'UTC',
    startOf: () => instant,
    columnsOf: () => ({}),
    levels: () => {
      isOfData ||= spec.levels.pinned === null
      return chooseLevels([], spec.levels)
    },
    settings: spec.settings,
  })
  return isOfData ? null : Object.keys(values)
}
