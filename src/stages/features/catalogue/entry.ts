import type { z } from 'zod'
import type { DataRole } from '../../../run/data-roles.ts'

export const featureGroups = [
  'value',
  'behaviour',
  'lifecycle',
  'engagement',
  'demographic',
  'firmographic',
  'needs',
  'potential',
  'campaign',
] as const
export type FeatureGroup = (typeof featureGroups)[number]

export const featureTypes = [
  'numeric',
  'count',
  'money',
  'share',
  'composition',
  'ordinal',
  'category',
  'boolean',
] as const
export type FeatureType = (typeof featureTypes)[number]

/** `money` is in the pipeline's currency; `share` is 0 to 1. */
export const featureUnits = ['minutes', 'days', 'years', 'count', 'money', 'share', 'score', 'level', 'text'] as const
export type FeatureUnit = (typeof featureUnits)[number]

export const transforms = ['none', 'log1p', 'yeoJohnson', 'oneHot', 'centredLogRatio'] as const
export type Transform = (typeof transforms)[number]

/** Relations of one shard that features aggregate over, some rows a customer; all rows lie before the as-of. See relations.ts. */
export const featureRelations = [
  /**
   * One row an order that is not a return: order_id, instant_us BIGINT (its earliest line), spent DECIMAL (its lines without returns),
   * line_count BIGINT, and where the columns are mapped units DECIMAL, channel VARCHAR (of several the first by name). previous_us BIGINT: the
   * instant of ordering before its own; of several orders at one instant only the first by order_id says it.
   */
  'orders',
  /** One row a distinct instant of ordering: instant_us, previous_us (null for the first), order_count, spent. */
  'purchases',
  /** The clean lines, returns among them (`is_return`, amounts below 0). */
  'lines',
  /** One row a customer: of several rows the largest value, column by column. Instants and dates at or after the as-of are null. */
  'customers',
  'events',
  /** One row a visit: session_id where mapped, else a new one after 30 minutes without an event; started_us, ended_us, event_count BIGINT. */
  'sessions',
  'survey',
  /** Clean rows; a `resolved_at` at or after the as-of is null. */
  'tickets',
  'touches',
] as const
export type FeatureRelation = (typeof featureRelations)[number]

export interface FeatureRequest {
  /** Name of the instance and of its column; a composition has one column a level, see `levelColumn`. */
  readonly column: string
  /** What the names of all its aggregates begin with; lower case, so that they need no quotes. */
  readonly prefix: string
  /** ISO 8601, UTC; the window is [windowStart, asOf). Null: from the beginning. */
  readonly windowStart: string | null
  readonly asOf: string
  /** IANA zone of the pipeline. */
  readonly timezone: string
  /** Start of a further window that the entry names in `windows`: `90 days` → ISO instant. */
  readonly startOf: (window: string) => string
  /** Columns of a role's clean rows with their DuckDB types; empty for a role that is not there. */
  readonly columnsOf: (role: DataRole) => Readonly<Record<string, string>>
  /** Levels of a text column that get a column of their own: those the pipeline pins, or the most frequent of all clean rows. */
  readonly levels: (role: DataRole, column: string) => readonly string[]
  /** What the pipeline gives of the entry's own settings, checked and with defaults. */
  readonly settings: Readonly<Record<string, unknown>>
}

/** A group-by customer over a relation. Those of several features over the same rows become one. */
export interface Aggregation {
  readonly of: FeatureRelation
  /** Only these rows. Prefer `filter (where …)` of an aggregate: it shares the pass with other features. */
  readonly where?: string
  /** Groups within each customer that come first: name → SQL over the relation's rows. The outer aggregates see names of both. */
  readonly per?: {
    readonly by: Readonly<Record<string, string>>
    readonly aggregates: Readonly<Record<string, string>>
  }
  /** Name (beginning with the prefix) → aggregate. Only counts, min, max, sums of integers or DECIMAL: no float is ever added up, and no row is picked. */
  readonly aggregates: Readonly<Record<string, string>>
}

export interface FeatureSql {
  readonly aggregations: readonly Aggregation[]
  /**
   * Column → SQL over the names of the aggregates: the only place of floats. A customer without a row in a relation has null in all of its
   * aggregates. Numbers are cast to DOUBLE, categories stay VARCHAR.
   */
  readonly values: Readonly<Record<string, string>>
  /** Column → SQL of a text that stands beside the values; columns as `peerColumns` names them. */
  readonly texts?: Readonly<Record<string, string>>
  /** Name → aggregate of whole numbers over all customers of a shard, so that shards add up exactly. Read by `diagnose`. */
  readonly sums?: Readonly<Record<string, string>>
}

/** One feature of the catalogue. */
export interface CatalogueEntry {
  readonly name: string
  readonly group: FeatureGroup
  /** One sentence for people, ending in a full stop. */
  readonly meaning: string
  readonly unit: FeatureUnit
  readonly type: FeatureType
  /** `any`: takes a window; `fixed`: has its own; `none`: is of the as-of alone. */
  readonly window: 'any' | 'fixed' | 'none'
  /** When it has no value: `never`, or a sentence. */
  readonly nullRule: string
  readonly transform: Transform
  /** Roles and columns it cannot do without. */
  readonly needs: readonly { readonly role: DataRole; readonly columns: readonly string[] }[]
  /** Further windows whose start it asks for. */
  readonly windows?: readonly string[]
  /** Its own settings beside the general ones. Entries that share a name share the very schema: put it into own-settings.ts. */
  readonly settings?: Readonly<Record<string, z.ZodType>>
  /** How a segment is called that is low or high in it: `few orders`, `frequent`. Default: its name. */
  readonly phrases?: { readonly low: string; readonly high: string }
  /** It is the time since something that happened once, so that everybody's grows from run to run by itself. Default: false. */
  readonly grows?: true
  /** Its values are made of the columns it compiles to (`peerColumns`, `historyColumns`) and of figures that are fitted over all customers. */
  readonly madeBy?: 'peers' | 'forecast'
  compile(request: FeatureRequest): FeatureSql
  /** Figures about the feature as a whole from the added-up `sums`, for the summary of the stage. */
  diagnose?(sums: Readonly<Record<string, number>>): Readonly<Record<string, number>>
}

/** Column of a level of a composition. */
export function levelColumn(column: string, level: string): string {
  return `${column}:${level}`
}

/** Columns that a feature which compares with peers is made of. */
export function peerColumns(column: string): { readonly spend: string; readonly category: string } {
  return { spend: `${column}:spend`, category: `${column}:category` }
}

/** What models of repeat buying read, by the feature that it is. */
export const historyColumns = {
  repeatPurchases: 'history:repeats',
  purchaseAge: 'history:lastAge',
  observedAge: 'history:age',
  meanRepeatSpend: 'history:meanSpend',
} as const

/** What is not in one of the levels. */
export const OTHER = 'other'
