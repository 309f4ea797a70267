import { roles } from '../run/data-roles.ts'
import type { SampledColumn } from './column-kind.ts'
import type { ChosenLine } from './choose-pipeline.ts'
import { featureName } from './feature-name.ts'
import type { ColumnGuess, SourceGuess } from './guesses.ts'

const MOST_NUMBERS = 6
const MOST_CATEGORIES = 6
/** Share of what a category says that another one says already. */
const REPEATED = 0.4

/** Canonical column of customers → the feature made of it, the more telling of two first. */
const features: Readonly<Record<string, string>> = {
  birth_date: 'age',
  gender: 'gender',
  income: 'income',
  income_band: 'incomeBand',
  wealth: 'wealth',
  employees: 'companySize',
  industry: 'industry',
  founded_on: 'companyAge',
  registered_at: 'membershipYears',
  preferred_channel: 'statedChannel',
  country: 'country',
  region: 'region',
}

/** Features of what customers are, where nobody says what they did. */
export function chooseAttributes({ place, columns }: SourceGuess): readonly ChosenLine[] {
  const sampledOf = (guess: ColumnGuess): SampledColumn | undefined =>
    place.columns.find(({ name }) => name === guess.from)
  const canonical = columns.filter((guess) => features[guess.column] && varies(sampledOf(guess)))
  const own = columns.filter(({ column }) => !(column in roles.customers.columns) && !isOutcome(column))
  const taken = new Set<string>(canonical.map(({ column }) => features[column]!.toLowerCase()))
  const numbers = own.filter(({ type }) => type !== undefined).slice(0, MOST_NUMBERS)
  const categories = tellingMost(
    own.flatMap((guess) => {
      const at = place.columns.findIndex(({ name }) => name === guess.from)
      return guess.type === undefined && at >= 0 ? [{ guess, values: place.rows.map((row) => row[at] ?? '') }] : []
    }),
  )
  return [
    ...canonical.map(({ column }) => ({ value: features[column], because: 'who they are' })),
    ...numbers.map(({ column }) => ({
      value: { numberAttribute: { column, as: featureName(column, taken) } },
      because: 'a number of the customer',
    })),
    ...categories.map(({ column }) => ({
      value: { attribute: { column, as: featureName(column, taken) } },
      because: 'tells customers apart, and is not said by the ones before',
    })),
  ]
}

/** What one wants to know of segments is not what they are made of. */
function isOutcome(column: string): boolean {
  return /^(churn|target|label|outcome)/.test(column)
}

function varies(sampled: SampledColumn | undefined): boolean {
  return sampled !== undefined && new Set(sampled.values).size > 1
}

interface Category {
  readonly guess: ColumnGuess
  readonly values: readonly string[]
}

/** Of the categories with most information (Shannon's, in bits) those that do not repeat one taken before. */
function tellingMost(categories: readonly Category[]): readonly ColumnGuess[] {
  const bits = categories.map(({ guess, values }) => ({ guess, values, bits: entropy(values) }))
  const taken: (Category & { readonly bits: number })[] = []
  for (const next of bits.toSorted((a, b) => b.bits - a.bits)) {
    const repeats = taken.some(
      (one) =>
        one.bits + next.bits - entropy(one.values.map((value, row) => `${value}\0${next.values[row]}`)) >
        REPEATED * next.bits,
    )
    if (taken.length < MOST_CATEGORIES && !repeats) taken.push(next)
  }
  return taken.map(({ guess }) => guess)
}

function entropy(values: readonly string[]): number {
  const counts = new Map<string, number>()
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1)
  return [...counts.values()].reduce((sum, count) => {
    const share = count / values.length
    return sum - share * Math.log2(share)
  }, 0)
}
