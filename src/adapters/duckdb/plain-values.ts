import { DuckDBDecimalValue, DuckDBListValue, DuckDBStructValue } from '@duckdb/node-api'

/** A row of the library as plain values: numbers, booleans, texts, arrays, objects; bigint only beyond 2^53. */
export function plainRow(row: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(row).map(([name, value]) => [name, plainValue(value)]))
}

function plainValue(value: unknown): unknown {
  if (typeof value === 'bigint') return plainInteger(value)
  if (value === null || typeof value !== 'object') return value
  if (value instanceof DuckDBDecimalValue) return plainDecimal(value)
  if (value instanceof DuckDBListValue) return value.items.map(plainValue)
  if (value instanceof DuckDBStructValue) return plainRow(value.entries)
  // Dates, timestamps and the like as the engine's own text.
  return String(value)
}

function plainInteger(value: bigint): number | bigint {
  const number = Number(value)
  return Number.isSafeInteger(number) ? number : value
}

/** Beyond 2^53 the whole part only: a number would be wrong there, and nobody asks for cents of quadrillions. */
function plainDecimal(value: DuckDBDecimalValue): number | bigint {
  const whole = plainInteger(value.value / 10n ** BigInt(value.scale))
  return typeof whole === 'bigint' ? whole : Number(value.toString())
}
