import type { DataRole } from '../../extract/roles.ts'

export type FeatureGroup =
  | 'value'
  | 'behaviour'
  | 'lifecycle'
  | 'engagement'
  | 'demographic'
  | 'firmographic'
  | 'needs'
  | 'potential'
  | 'campaign'

export type FeatureType =
  | 'numeric'
  | 'count'
  | 'money'
  | 'share'
  | 'composition'
  | 'ordinal'
  | 'category'
  | 'boolean'

/** `money` is in the pipeline's currency; `share` is 0 to 1. */
export type FeatureUnit = 'days' | 'years' | 'count' | 'money' | 'share' | 'score' | 'level' | 'text'

/** Relations of one shard that features aggregate over, one group of rows a customer; see compile-features. */
export type FeatureRelation =
  /** One row an order that is not a return: bucket, customer_id, order_id, instant_us BIGINT, spent DECIMAL, lines BIGINT, discount, cost. */
  | 'orders'
  /** One row a distinct instant of ordering: instant_us, previous_us (null for the first), order_count, spent. */
  | 'purchases'
  /** The clean lines, returns among them (`is_return`, amounts below 0). */
  | 'lines'
  /** Clean rows of the other roles. */
  | 'customers'
  | 'events'
  /** One row a visit: session_id where mapped, else a new one after 30 minutes without an event; started_us, ended_us, events BIGINT. */
  | 'sessions'
  | 'survey'
  | 'tickets'
  | 'touches'

/** Levels of a category column over all clean rows, most frequent first; pinned with the model. */
export type Levels = (role: DataRole, column: string) => readonly string[]

export interface FeatureRequest {
  /** Name of the instance: column of the artifact, prefix of what it aggregates. */
  readonly column: string
  /** ISO 8601, UTC; the window is [windowStart, asOf). Null: from the beginning. */
  readonly windowStart: string | null
  readonly asOf: string
  readonly timezone: string
  /** Start of a further window the entry asked for in `windows`: `90 days` → ISO instant. */
  readonly startOf: (window: string) => string
  /** Columns of a role's clean rows, with their DuckDB types. */
  readonly columnsOf: (role: DataRole) => Readonly<Record<string, string>>
  readonly levels: Levels
  readonly settings: Readonly<Record<string, unknown>>
}

export interface FeatureSql {
  /** Aggregates by relation: name → SQL. Only counts, min, max, sums of integers or DECIMAL, and sorted lists: no float is added up. */
  readonly aggregates: Partial<Readonly<Record<FeatureRelation, Readonly<Record<string, string>>>>>
  /** Column → SQL over the names of the aggregates; numeric columns are cast to DOUBLE by the compiler, categories stay VARCHAR. */
  readonly values: Readonly<Record<string, string>>
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
  /** When it has no value, and what stands in for it. */
  readonly nullRule: string
  readonly transform: 'none' | 'log1p' | 'yeoJohnson' | 'oneHot' | 'centredLogRatio'
  /** Roles and columns it cannot do without. */
  readonly needs: readonly { readonly role: DataRole; readonly columns: readonly string[] }[]
  /** Further windows whose start it asks for. */
  readonly windows?: readonly string[]
  /** Keys of `settings` it knows beside the general ones, with a sentence each; a `?` after the name of optional ones. */
  readonly settings?: Readonly<Record<string, string>>
  compile(request: FeatureRequest): FeatureSql
}
