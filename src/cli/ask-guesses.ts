import { correctColumn, correctRole, type Corrections } from '../init/corrections.ts'
import { guessSources, type NobodyFound } from '../init/guess-sources.ts'
import { guessOf, type GuessedRole, type LookedPlace, type SourceGuess } from '../init/guesses.ts'
import { roles } from '../run/data-roles.ts'
import { guessedRoles } from './init-corrections.ts'
import type { Prompts } from './prompts.ts'

/** No column at all; what a place calls its columns may be any text but an empty one. */
const NONE = ''

export interface GuessTalk {
  readonly places: readonly LookedPlace[]
  readonly prompts: Prompts
  /** What writing would make, for the question. */
  readonly files: readonly string[]
  show(sources: readonly SourceGuess[] | NobodyFound): void
}

/**
 * Shows the guesses until a person says that they are right; what is corrected is guessed around.
 *
 * @returns null when the person wants to write nothing
 */
export async function askGuesses(talk: GuessTalk, corrections: Corrections): Promise<readonly SourceGuess[] | null> {
  const { places, prompts, files } = talk
  for (let known = corrections; ;) {
    const guessed = guessSources(places, known)
    talk.show(guessed)
    const sources = 'missing' in guessed ? null : guessed
    const next = await prompts.choose<'write' | 'column' | 'role' | 'stop'>(
      sources ? 'Are the guesses right?' : 'What is it?',
      [
        ...(sources ? [{ value: 'write' as const, label: `Yes, write ${files.join(' and ')}` }] : []),
        {
          value: 'column',
          label: 'Name a column',
          hint: 'which column of a file or table has the ids, dates, amounts, …',
        },
        { value: 'role', label: 'Say what a file or table is' },
        { value: 'stop', label: 'Write nothing' },
      ],
      sources ? 'write' : 'column',
    )
    if (next === null || next === 'stop') return null
    if (next === 'write' && sources) return sources
    known = (next === 'role' ? await askRole(talk, guessed, known) : await askColumn(talk, guessed, known)) ?? known
  }
}

async function askRole(
  talk: GuessTalk,
  guessed: readonly SourceGuess[] | NobodyFound,
  known: Corrections,
): Promise<Corrections | null> {
  const place = await askPlace(talk, guessed)
  if (!place) return null
  const role = await talk.prompts.choose<GuessedRole>(
    `What is ${place.name}?`,
    guessedRoles.map((value) => ({ value, label: value, hint: meaningOf(value) })),
    roleOf(place, guessed) ?? 'none',
  )
  return role && correctRole(known, place.name, role)
}

async function askColumn(
  talk: GuessTalk,
  guessed: readonly SourceGuess[] | NobodyFound,
  known: Corrections,
): Promise<Corrections | null> {
  const place = await askPlace(talk, guessed)
  if (!place) return null
  const role = roleOf(place, guessed)
  const names = Object.keys(
    roles[role === undefined || role === 'lookup' || role === 'none' ? 'transactions' : role].columns,
  )
  const source = 'missing' in guessed ? undefined : guessed.find((one) => one.name === place.name)
  const madeOf = (column: string): string | undefined => {
    const from = source && guessOf(source, column)?.from
    return typeof from === 'string' ? from : from?.sql
  }
  const missing = 'missing' in guessed ? guessed.missing[0] : undefined
  const column = await talk.prompts.choose(
    'Which name has another column?',
    names.map((value) => ({ value, label: value, hint: madeOf(value) ?? 'none' })),
    missing ?? names[0]!,
  )
  if (column === null) return null
  const from = await talk.prompts.choose(
    `Which column of ${place.name} is ${column}?`,
    [
      ...place.columns.map(({ name, values, kind }) => ({
        value: name,
        label: name,
        hint: values[0]?.slice(0, 20) ?? kind,
      })),
      { value: NONE, label: '(none)', hint: 'no column has it' },
    ],
    place.columns.find(({ name }) => name === madeOf(column))?.name ?? place.columns[0]?.name ?? NONE,
  )
  return from === null ? null : correctColumn(known, place.name, column, from === NONE ? null : from)
}

async function askPlace(
  { places, prompts }: GuessTalk,
  guessed: readonly SourceGuess[] | NobodyFound,
): Promise<LookedPlace | undefined> {
  if (places.length === 1) return places[0]
  const nearest = 'missing' in guessed ? guessed.nearest.name : places[0]!.name
  const name = await prompts.choose(
    'Which file or table?',
    places.map((place) => ({ value: place.name, label: place.name, hint: roleOf(place, guessed) ?? '' })),
    nearest,
  )
  return places.find((place) => place.name === name)
}

function roleOf(place: LookedPlace, guessed: readonly SourceGuess[] | NobodyFound): GuessedRole | undefined {
  if ('missing' in guessed) return guessed.nearest === place ? guessed.role : undefined
  return guessed.find((source) => source.name === place.name)?.role
}

function meaningOf(role: GuessedRole): string {
  if (role === 'lookup') return 'Others look values up in it: products, orders of lines, campaigns.'
  return role === 'none' ? 'It is not used.' : roles[role].meaning
}
