/** A column of a Postgres result, as its description says. */
export interface SourceColumn {
  readonly name: string
  readonly oid: number
  readonly modifier: number
}

/** Object ids of the built-in types (pg_type.dat). */
const oids = {
  bool: 16,
  int8: 20,
  int2: 21,
  int4: 23,
  oid: 26,
  float4: 700,
  float8: 701,
  date: 1082,
  timestamp: 1114,
  timestamptz: 1184,
  numeric: 1700,
} as const

const engineTypes: Readonly<Record<number, string>> = {
  [oids.bool]: 'BOOLEAN',
  [oids.int8]: 'BIGINT',
  [oids.int2]: 'BIGINT',
  [oids.int4]: 'BIGINT',
  [oids.oid]: 'BIGINT',
  [oids.float4]: 'DOUBLE',
  [oids.float8]: 'DOUBLE',
  [oids.date]: 'DATE',
  [oids.timestamp]: 'TIMESTAMP',
  [oids.timestamptz]: 'TIMESTAMP WITH TIME ZONE',
}

const LARGEST_PRECISION = 38

/**
 * The engine's type for a column; text for everything that has no close relative there.
 *
 * A numeric of no declared precision, or one beyond the engine's, stays text, reported as `NUMERIC`: any DECIMAL chosen here
 * would fail on or round some value, and DOUBLE would change ids above 2^53. The stage makes decimals of it where it calculates
 * and records what does not fit.
 */
export function engineType({ oid, modifier }: SourceColumn): string {
  if (oid !== oids.numeric) return engineTypes[oid] ?? 'VARCHAR'
  // The modifier is ((precision << 16) | scale) + 4; the scale has 11 bits and may be negative.
  const precision = ((modifier - 4) >> 16) & 0xffff
  const scale = (((modifier - 4) & 0x7ff) ^ 1024) - 1024
  const fits = modifier >= 0 && precision <= LARGEST_PRECISION && scale >= 0 && scale <= precision
  return fits ? `DECIMAL(${precision},${scale})` : 'NUMERIC'
}

/** What an as-of can be compared with at the source. */
export function instantKind({ oid }: SourceColumn): 'date' | 'timestamp' | 'timestamptz' | null {
  if (oid === oids.date) return 'date'
  if (oid === oids.timestamp) return 'timestamp'
  return oid === oids.timestamptz ? 'timestamptz' : null
}
