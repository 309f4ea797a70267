import type { Source } from './config.ts'

/** Six decimals: enough for prices and rates, and the product of two still fits the engine's 38 digits. */
const DECIMAL = 'DECIMAL(18, 6)'

/** SQL: the value of a column in its declared type, NULL when it does not fit. The engine's casts ignore white space around. */
export function castDeclared(column: string, type: Exclude<Source['types'][string], 'text'>): string {
  switch (type) {
    case 'integer':
      // A cast alone would round 6.5 to 7.
      return `CASE WHEN regexp_full_match(CAST(${column} AS VARCHAR), '\\s*[+-]?[0-9]+(\\.0*)?\\s*') THEN TRY_CAST(${column} AS BIGINT) END`
    case 'decimal':
      return `TRY_CAST(${column} AS ${DECIMAL})`
    case 'timestamp':
      return `TRY_CAST(${column} AS TIMESTAMP)`
    case 'date':
      return `TRY_CAST(${column} AS DATE)`
    case 'boolean':
      return `TRY_CAST(${column} AS BOOLEAN)`
  }
}
