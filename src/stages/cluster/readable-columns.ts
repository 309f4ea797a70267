import type { FeatureUnit } from '../features/catalogue/entry.ts'

export type ValueType = 'number' | 'text' | 'boolean'

/** A column that a method may be told to read by name. */
export interface ReadableColumn {
  readonly type: ValueType
  readonly unit: FeatureUnit
}

/** Column → what is in it; a composition has one a level, `categoryShares:books`. */
export type ReadableColumns = Readonly<Record<string, ReadableColumn>>

/** What a name means that is no column, such as a composition without its level, and what to write instead. */
export interface NearColumn {
  readonly wanted: string
  readonly hint?: string
}
