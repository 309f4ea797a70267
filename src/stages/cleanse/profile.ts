/** How many distinct values of a column are counted; beyond, nobody asks for their number. */
export const MAX_DISTINCT = 10_000
/** How many levels of a text column are kept. */
const MAX_LEVELS = 1_000

export interface Level {
  readonly value: string
  readonly rows: number
}

export interface ColumnProfile {
  readonly nulls: number
  /** As text: numbers with their decimals, instants in ISO 8601 (UTC). Null: no value. */
  readonly minimum: string | null
  readonly maximum: string | null
  /** Null: more than ten thousand. */
  readonly distinct: number | null
  /** The 1,000 most frequent values of a text column, ties by value; none of ids and of columns with more than ten thousand values. */
  readonly levels: readonly Level[]
}

export interface RoleProfile {
  readonly rows: number
  readonly customers: number
  readonly columns: Readonly<Record<string, ColumnProfile>>
}

/** The document `profile` of the clean artifact: what its rows look like, exactly, for any number of shards. */
export interface CleanProfile {
  readonly roles: Readonly<Record<string, RoleProfile>>
}

/** How a column's texts compare. */
export type ColumnKind = 'text' | 'number' | 'other'

/** A column of one shard, or of several added up: as in the profile, with every value. */
export interface ColumnTally {
  readonly kind: ColumnKind
  readonly nulls: number
  readonly minimum: string | null
  readonly maximum: string | null
  /** Null: more than ten thousand. */
  readonly values: readonly Level[] | null
  /** Values of an id are counted, not kept for the profile. */
  readonly isId: boolean
}

export interface RoleTally {
  readonly rows: number
  readonly customers: number
  readonly columns: Readonly<Record<string, ColumnTally>>
}

/** The document `values` of a shard. */
export interface ShardTally {
  readonly roles: Readonly<Record<string, RoleTally>>
}

/** Adds a shard to those before it: two tallies at a time, so that memory does not grow with their number. */
export function addTallies(sum: ShardTally | undefined, shard: ShardTally): ShardTally {
  if (!sum) return shard
  const roles = Object.entries(shard.roles).map(([role, tally]) => {
    const before = sum.roles[role]!
    const columns = Object.entries(tally.columns).map(([name, column]) => [
      name,
      addColumns(before.columns[name]!, column),
    ])
    return [
      role,
      {
        rows: before.rows + tally.rows,
        customers: before.customers + tally.customers,
        columns: Object.fromEntries(columns) as RoleTally['columns'],
      },
    ]
  })
  return { roles: Object.fromEntries(roles) as ShardTally['roles'] }
}

function addColumns(a: ColumnTally, b: ColumnTally): ColumnTally {
  return {
    ...a,
    nulls: a.nulls + b.nulls,
    minimum: furthest(a.kind, a.minimum, b.minimum, -1),
    maximum: furthest(a.kind, a.maximum, b.maximum, 1),
    values: a.values && b.values && addValues(a.values, b.values),
  }
}

function addValues(a: readonly Level[], b: readonly Level[]): readonly Level[] | null {
  const rows = new Map(a.map((level) => [level.value, level.rows]))
  for (const level of b) rows.set(level.value, (rows.get(level.value) ?? 0) + level.rows)
  if (rows.size > MAX_DISTINCT) return null
  return [...rows].map(([value, count]) => ({ value, rows: count }))
}

function furthest(kind: ColumnKind, a: string | null, b: string | null, sign: 1 | -1): string | null {
  if (a === null || b === null) return a ?? b
  return compareValues(kind, a, b) * sign >= 0 ? a : b
}

/** As the engine orders them: numbers of equally many decimals by size, all else by its bytes in UTF-8. */
function compareValues(kind: ColumnKind, a: string, b: string): number {
  if (kind !== 'number') return compareBytes(a, b)
  const [first, second] = [a, b].map((text) => BigInt(text.replace('.', '')))
  return first! < second! ? -1 : Number(first! > second!)
}

function compareBytes(a: string, b: string): number {
  const [first, second] = [a, b].map((text) => Array.from(text, (character) => character.codePointAt(0)!))
  const differing = first!.findIndex((point, index) => point !== second![index])
  return differing < 0 ? first!.length - second!.length : first![differing]! - (second![differing] ?? -1)
}

export function profileOf(tally: ShardTally): CleanProfile {
  const roles = Object.entries(tally.roles).map(([role, { rows, customers, columns }]) => [
    role,
    { rows, customers, columns: mapValues(columns, columnProfile) },
  ])
  return { roles: Object.fromEntries(roles) as CleanProfile['roles'] }
}

function columnProfile({ kind, nulls, minimum, maximum, values, isId }: ColumnTally): ColumnProfile {
  const levels = kind === 'text' && !isId ? (values ?? []) : []
  return {
    nulls,
    minimum,
    maximum,
    distinct: values?.length ?? null,
    levels: levels.toSorted((a, b) => b.rows - a.rows || compareBytes(a.value, b.value)).slice(0, MAX_LEVELS),
  }
}

function mapValues<T, U>(record: Readonly<Record<string, T>>, map: (value: T) => U): Record<string, U> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, map(value)]))
}
