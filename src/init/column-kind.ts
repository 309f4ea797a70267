export type ColumnKind = 'instant' | 'integer' | 'decimal' | 'text' | 'empty'

/** A column as a sample shows it. */
export interface SampledColumn {
  readonly name: string
  /** The engine's word, or `NUMERIC`; VARCHAR for all that files of text hold. */
  readonly type: string
  /** Values of the sample that are there. */
  readonly values: readonly string[]
  /** Share of the sampled rows without a value. */
  readonly emptyShare: number
  readonly kind: ColumnKind
  /** How its instants are written, as strptime says it; null: as ISO 8601 does. */
  readonly format: string | null
  /** Another format that all values of the sample have as well; null when there is no doubt. */
  readonly otherFormat: string | null
}

const ISO = /^\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}([.,]\d+)?)?\s*(Z|[+-]\d{2}:?\d{2})?)?$/
const INTEGER = /^[+-]?\d+$/

export interface NumberMarks {
  readonly decimal: '.' | ','
  readonly thousands: ',' | '.' | undefined
}

/** How numbers are written, by values that can be read in one way only. */
export function guessMarks(values: readonly string[]): NumberMarks {
  const count = (pattern: RegExp): number => values.filter((value) => pattern.test(value)).length
  const comma = count(/^[+-]?\d+,(\d{1,2}|\d{4,})$/) + count(/^[+-]?\d{1,3}(\.\d{3})+,\d+$/)
  const point = count(/^[+-]?\d+\.(\d{1,2}|\d{4,})$/) + count(/^[+-]?\d{1,3}(,\d{3})+\.\d+$/)
  if (comma > point) return { decimal: ',', thousands: count(/^[+-]?\d{1,3}(\.\d{3})+,\d+$/) > 0 ? '.' : undefined }
  return { decimal: '.', thousands: count(/^[+-]?\d{1,3}(,\d{3})+\.\d+$/) > 0 ? ',' : undefined }
}

const unformatted = { format: null, otherFormat: null } as const

/** @param formats that all values have */
export function kindOf(
  type: string,
  values: readonly string[],
  { decimal, thousands }: NumberMarks,
  formats: readonly string[],
): Pick<SampledColumn, 'kind' | 'format' | 'otherFormat'> {
  if (values.length === 0) return { kind: 'empty', ...unformatted }
  if (/^(DATE|TIMESTAMP)/.test(type)) return { kind: 'instant', ...unformatted }
  if (/INT/.test(type)) return { kind: 'integer', ...unformatted }
  if (/^(NUMERIC|DECIMAL|DOUBLE|FLOAT)/.test(type)) return { kind: 'decimal', ...unformatted }
  if (type !== 'VARCHAR') return { kind: 'text', ...unformatted }
  if (mostly(values, (value) => ISO.test(value))) return { kind: 'instant', ...unformatted }
  const [format, otherFormat = null] = formats
  // Eight digits may be an id; where they are days of one century, nobody writes ids so.
  const isDay = values.every((value) => !/^\d+$/.test(value) || /^(19|20)\d{6}(\d{6})?$/.test(value))
  if (format !== undefined && isDay) return { kind: 'instant', format, otherFormat }
  const plain = (value: string): string =>
    (thousands === undefined ? value : value.replaceAll(thousands, '')).replace(decimal, '.')
  if (mostly(values, (value) => INTEGER.test(value))) return { kind: 'integer', ...unformatted }
  if (mostly(values, (value) => /^[+-]?(\d+\.?\d*|\.\d+)$/.test(plain(value))))
    return { kind: 'decimal', ...unformatted }
  return { kind: 'text', ...unformatted }
}

/** One value in a hundred may be dirt. */
function mostly(values: readonly string[], fits: (value: string) => boolean): boolean {
  return values.filter((value) => fits(value)).length >= 0.99 * values.length
}
