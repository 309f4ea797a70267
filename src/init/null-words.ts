const WORDS = new Set(['NULL', 'null', 'N/A', 'n/a', 'NA', 'NaN', 'nan', '\\N', 'None', '?', '-'])
const FIGURE = /^[+-]?[\d.,]+$|^\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}/

/** Words that stand for no value: those among figures and dates, where no other word stands. In texts NA may be Namibia. */
export function nullWords(columns: readonly (readonly string[])[]): readonly string[] {
  const found = columns.flatMap((values) => {
    const words = [...new Set(values.filter((value) => WORDS.has(value)))]
    const others = withoutNulls(values, words)
    return words.length > 0 && others.length > 0 && others.every((value) => FIGURE.test(value)) ? words : []
  })
  return [...new Set(found)].sort()
}

/** Texts of nothing but blanks among figures and dates: they stand for no value too. @param columns values as they are written */
export function blankTexts(columns: readonly (readonly string[])[]): readonly string[] {
  const found = columns.flatMap((values) => {
    const blanks = values.filter((value) => value !== '' && value.trim() === '')
    const others = values.filter((value) => value.trim() !== '')
    return blanks.length > 0 && others.length > 0 && others.every((value) => FIGURE.test(value.trim())) ? blanks : []
  })
  return [...new Set(found)].sort()
}

export function withoutNulls(values: readonly string[], nulls: readonly string[]): readonly string[] {
  return nulls.length === 0 ? values : values.filter((value) => !nulls.includes(value))
}
