export type Columns = Readonly<Record<string, string>>

/** Columns of several places, in the order in which they first appear. Where places differ in a column's type, it is text: no value is changed by that. */
export function unite(places: readonly Columns[]): Columns {
  const united: Record<string, string> = {}
  for (const columns of places)
    for (const [name, type] of Object.entries(columns))
      united[name] = Object.hasOwn(united, name) && united[name] !== type ? textOf(united[name]!, type) : type
  return united
}

const isNumeric = (type: string): boolean => /^(NUMERIC|BIGINT|DECIMAL|INTEGER|SMALLINT|TINYINT|HUGEINT)/.test(type)

/** Numbers of several types stay numbers of no declared scale. */
function textOf(first: string, second: string): string {
  return isNumeric(first) && isNumeric(second) ? 'NUMERIC' : 'VARCHAR'
}
