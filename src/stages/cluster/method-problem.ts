import type { NearColumn, ReadableColumns } from './readable-columns.ts'

/** Something wrong in the settings of a method that its schema cannot see. */
export interface MethodProblem {
  /** Below `cluster`. */
  readonly path: readonly (string | number)[]
  readonly came: string
  readonly wanted: string
  readonly hint?: string
  /** Names that might have been meant, when one that came is unknown. */
  readonly unknown?: { readonly name: string; readonly among: readonly string[] }
}

/** Features as a message names them. */
export function listColumns(names: readonly string[]): string {
  return `${names.slice(0, 12).join(', ')}${names.length > 12 ? ', …' : ''}`
}

/** A feature that is to be a number. */
export function checkNumberColumn(
  name: string,
  path: MethodProblem['path'],
  columns: ReadableColumns,
  nearColumns: (name: string) => NearColumn | null,
): readonly MethodProblem[] {
  const numbers = Object.keys(columns).filter((one) => columns[one]!.type === 'number')
  if (numbers.includes(name)) return []
  if (Object.hasOwn(columns, name))
    return [{ path, came: `"${name}", which is a ${columns[name]!.type}`, wanted: `a number: ${listColumns(numbers)}` }]
  const near = nearColumns(name)
  if (near) return [{ path, came: `"${name}"`, ...near }]
  const wanted =
    numbers.length === 0
      ? 'a feature of numbers; there is none'
      : `a feature of this pipeline: ${listColumns(numbers)}; or one more under features`
  return [{ path, came: `"${name}"`, wanted, unknown: { name, among: numbers } }]
}

/** Names and keys of segments, of which no two are the same. */
export function checkNamed(
  places: readonly { readonly name: string; readonly key: string; readonly path: MethodProblem['path'] }[],
): readonly MethodProblem[] {
  return places.flatMap(({ name, key, path }, index): readonly MethodProblem[] => {
    if (key === '')
      return [
        {
          path,
          came: `the name "${name}"`,
          wanted: 'a key beside it, such as `key: key_accounts`: this name gives none',
        },
      ]
    const first = places.findIndex((other) => other.name === name || other.key === key)
    if (first === index) return []
    const what = places[first]!.name === name ? `the name "${name}"` : `the key ${key}`
    return [{ path, came: `${what}, again`, wanted: 'a name and a key of its own for every segment' }]
  })
}
