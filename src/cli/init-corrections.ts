import { WrongUsage } from '../errors/wrong-usage.ts'
import { correctColumn, correctRole, noCorrections, type Corrections } from '../init/corrections.ts'
import type { GuessedRole, LookedPlace } from '../init/guesses.ts'
import { controlRoles, carriedRoles, roles } from '../run/data-roles.ts'
import type { NamedPlace } from './init-requests.ts'

export const guessedRoles: readonly GuessedRole[] = [...carriedRoles, ...controlRoles, 'lookup', 'none']
const canonicalColumns = [...new Set(Object.values(roles).flatMap(({ columns }) => Object.keys(columns)))]

/**
 * What `--role PLACE=ROLE` and `--column PLACE:NAME=COLUMN` say.
 *
 * @throws WrongUsage when one names what is not there
 */
export function readCorrections(
  options: { readonly role: readonly string[]; readonly column: readonly string[] },
  named: readonly NamedPlace[],
  places: readonly LookedPlace[],
): Corrections {
  let corrections = noCorrections
  for (const text of options.role) {
    const [, of, said] = /^(.+)=(.*)$/.exec(text) ?? []
    const role = guessedRoles.find((one) => one === said)
    if (of === undefined || role === undefined)
      throw new WrongUsage(
        `--role ${text} says no role.`,
        `Write --role FILE=ROLE, with one of ${guessedRoles.join(', ')}.`,
      )
    corrections = correctRole(corrections, placeOf(of, named), role)
  }
  for (const text of options.column) {
    const [, of, column, from] = /^(.+?):([A-Za-z_0-9]+)=(.*)$/.exec(text) ?? []
    if (of === undefined || column === undefined || from === undefined)
      throw new WrongUsage(
        `--column ${text} says no column.`,
        'Write --column FILE:NAME=COLUMN: --column orders.csv:customer_id=Kundennr',
      )
    if (!canonicalColumns.includes(column))
      throw new WrongUsage(
        `--column ${text}: ${column} is no name with a meaning.`,
        `Names with a meaning are ${canonicalColumns.join(', ')}.`,
      )
    const name = placeOf(of, named)
    const there = places.find((place) => place.name === name)?.columns.map((one) => one.name) ?? []
    if (from !== '' && !there.includes(from))
      throw new WrongUsage(
        `--column ${text}: ${of} has no column ${JSON.stringify(from)}; its columns are ${there.join(', ')}.`,
        'Name one of them, or none: nothing after the equals sign says that there is no such column.',
      )
    corrections = correctColumn(corrections, name, column, from === '' ? null : from)
  }
  return corrections
}

function placeOf(text: string, named: readonly NamedPlace[]): string {
  const found =
    named.find((place) => place.text === text) ??
    named.find((place) => place.name === text) ??
    named.find((place) => place.text.endsWith(`/${text}`))
  if (found) return found.name
  throw new WrongUsage(
    `${text} is none of the files and tables after --from.`,
    `Name one of ${named.map((place) => place.text).join(', ')}.`,
  )
}
