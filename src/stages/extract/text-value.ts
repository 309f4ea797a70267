import { quoteText } from '../../sql/sql-text.ts'

const WHITE = "e' \\t\\r\\n'"
/** Longest part of a value that does not fit, as it is quoted in `type_faults`. */
export const QUOTED_CHARACTERS = 40

/**
 * SQL: a text without white space around it, NULL when nothing is left. `trim` with a set of characters is the slowest step of an
 * extract, so only texts that begin or end with white space go there.
 */
export function trimmed(text: string): string {
  const ends = [' ', '\\t', '\\r', '\\n'].map((white) => `suffix(${text}, e'${white}')`).join(' OR ')
  return `CASE WHEN ${text} = '' THEN NULL WHEN ascii(${text}) > 32 AND NOT (${ends}) THEN ${text} ELSE nullif(trim(${text}, ${WHITE}), '') END`
}

/** SQL: NULL, or `<label>='<what was there>'` when something was there and did not become a value. */
export function faultOf(label: string, raw: string, rawType: string, value: string): string {
  const present = rawType === 'VARCHAR' || rawType === 'NUMERIC' ? trimmed(raw) : raw
  return `CASE WHEN ${value} IS NULL AND ${present} IS NOT NULL THEN concat(${quoteText(`${label}='`)}, ${quoted(raw)}, '''') END`
}

/** SQL: the beginning of a value, as people are shown it. */
export function quoted(raw: string): string {
  return `trim(CAST(${raw} AS VARCHAR), ${WHITE})[:${QUOTED_CHARACTERS}]`
}
