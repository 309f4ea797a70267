import type { SourceRole } from '../../run/data-roles.ts'

/** What a source is today, seen from the definition that reads it. */
export interface SourceLook {
  readonly source: string
  readonly roles: readonly SourceRole[]
  /** Files, tables or queries. */
  readonly places: readonly string[]
  /** Null: it could be reached and read. */
  readonly failure: LookFailure | null
  /** Keys of the definition that the source as it is cannot serve. */
  readonly faults: readonly DefinitionFault[]
  /** Null: nobody knows without reading all of it. */
  readonly rows: { readonly count: number; readonly isAll: boolean } | null
  readonly columns: readonly LookedColumn[]
  /** Newest value of the instants that say how fresh the source is; null when there are none. */
  readonly newest: { readonly column: string; readonly utc: string | null } | null
  readonly unreadable: { readonly count: number; readonly first: readonly UnreadableLine[] }
  /** Rows looked at for values that do not fit. */
  readonly sampledRows: number
  readonly misfits: readonly Misfit[]
}

export interface LookFailure {
  readonly type: string
  readonly what: string
  readonly remedy: string
}

export interface DefinitionFault {
  /** `sources.order_lines.columns.amount` */
  readonly key: string
  readonly what: string
}

export interface LookedColumn {
  readonly name: string
  readonly type: string
  /** Keys under the source's `columns`, and `recordedAt` and `validity`, that are made of it. */
  readonly usedBy: readonly string[]
}

export interface UnreadableLine {
  readonly file: string
  readonly line: number
  readonly problem: string
}

/** Values that do not fit the type of what they are mapped to. */
export interface Misfit {
  /** Canonical column, or a source column of declared type. */
  readonly column: string
  readonly rows: number
  /** What the first one looks like, without saying it: digits are 9, letters a. */
  readonly form: string
  readonly file: string | null
  readonly line: number | null
}

const FAULT = /(?:^|; )([^=;]+)='(.*?)'(?=; [^=;]+='|$)/gs

/** The values that `type_faults` of a row names. */
export function readFaults(typeFaults: string): readonly { readonly column: string; readonly value: string }[] {
  return [...typeFaults.matchAll(FAULT)].map(([, column, value]) => ({ column: column!, value: value! }))
}
