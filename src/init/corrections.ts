import type { GuessedRole } from './guesses.ts'

/** What a person knows better: by options, or asked at the terminal. Guesses are made again around it. */
export interface Corrections {
  /** Name of a place → what it is. */
  readonly roles: Readonly<Partial<Record<string, GuessedRole>>>
  /** Name of a place → canonical column → column of the place; null: it has none. */
  readonly columns: Readonly<Partial<Record<string, Readonly<Record<string, string | null>>>>>
}

export const noCorrections: Corrections = { roles: {}, columns: {} }

export function correctRole(corrections: Corrections, place: string, role: GuessedRole): Corrections {
  return { ...corrections, roles: { ...corrections.roles, [place]: role } }
}

export function correctColumn(
  corrections: Corrections,
  place: string,
  column: string,
  from: string | null,
): Corrections {
  const { columns } = corrections
  return { ...corrections, columns: { ...columns, [place]: { ...columns[place], [column]: from } } }
}
