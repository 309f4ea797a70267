import { reservedColumns, roles } from '../run/data-roles.ts'
import type { SampledColumn } from './column-kind.ts'
import { plainName } from './column-names.ts'
import { levels, plainGuess } from './guess-columns.ts'
import type { ColumnGuess, LookedPlace } from './guesses.ts'

const MOST_LEVELS = 20
const MOST_EMPTY = 0.5
/** Ids and what tells who somebody is: neither says anything about a segment. */
const NO_ATTRIBUTE =
  /(^|_)(id|no|nr|key|code|upc|name|mail|email|phone|fax|address|street|iban|zip|postcode|notes?|url)$/

/** Columns of customers that have no meaning of their own: numbers, and texts of few levels. */
export function guessAttributes(place: LookedPlace, guesses: readonly ColumnGuess[]): readonly ColumnGuess[] {
  const taken = new Set(guesses.map(({ from }) => from))
  const names = new Set([...Object.keys(roles.customers.columns), ...reservedColumns])
  return place.columns.flatMap((sampled) => {
    if (taken.has(sampled.name)) return []
    const kind = attributeKind(sampled)
    if (kind === undefined) return []
    const column = freeName(sampled.name, names)
    names.add(column)
    const because = kind === 'category' ? `an attribute of ${levels(sampled)} levels` : 'an attribute'
    const guess = plainGuess(column, sampled, because)
    return [kind === 'category' ? guess : { ...guess, type: kind }]
  })
}

function attributeKind(sampled: SampledColumn): 'category' | 'integer' | 'decimal' | undefined {
  const { name, kind, values, emptyShare } = sampled
  if (kind === 'empty' || kind === 'instant' || emptyShare > MOST_EMPTY || NO_ATTRIBUTE.test(plainName(name)))
    return undefined
  const count = levels(sampled)
  if (count < 2) return undefined
  if (kind === 'integer' && count === values.length && isRising(values)) return undefined
  if (kind !== 'text' && count > 2) return kind
  return count <= MOST_LEVELS && count <= Math.max(2, values.length / 2) ? 'category' : undefined
}

/** A number for each row. */
function isRising(values: readonly string[]): boolean {
  return values.every((value, at) => at === 0 || Number(value) > Number(values[at - 1]))
}

/** `Annual Income (k$)` as a name of ours. */
function freeName(name: string, taken: ReadonlySet<string>): string {
  const ascii = plainName(name.normalize('NFKD').replaceAll(/\p{M}/gu, ''))
    .replaceAll(/[^a-z0-9_]/g, '')
    .slice(0, 50)
  const plain = /^[a-z]/.test(ascii) ? ascii : `c_${ascii}`
  let free = plain
  for (let at = 2; taken.has(free); at++) free = `${plain}_${at}`
  return free
}
