import { attributeOf, numberOf, yearsSince } from './attributes.ts'
import type { CatalogueEntry } from './entry.ts'
import { ownSettings } from './own-settings.ts'

/** First and last year of birth, as Pew Research Center has defined them since 2018; the last has no end yet. */
const GENERATIONS = [
  ['silent', 1928, 1945],
  ['boomer', 1946, 1964],
  ['generation_x', 1965, 1980],
  ['millennial', 1981, 1996],
  ['generation_z', 1997, 2012],
] as const

/** Who customers are. */
export const demographicFeatures: readonly CatalogueEntry[] = [
  {
    name: 'age',
    group: 'demographic',
    meaning: 'Completed years since birth_date, on the last day before the as-of in the zone of the pipeline.',
    unit: 'years',
    type: 'numeric',
    window: 'none',
    nullRule: 'Without a birth date.',
    transform: 'none',
    needs: [{ role: 'customers', columns: ['birth_date'] }],
    phrases: { low: 'young', high: 'elderly' },
    grows: true,
    compile: (request) => yearsSince(request, 'birth_date'),
  },
  {
    name: 'generation',
    group: 'demographic',
    meaning:
      'By year of birth: silent 1928–1945, boomer 1946–1964, generation_x 1965–1980, millennial 1981–1996, generation_z 1997–2012; earlier and later for the rest.',
    unit: 'text',
    type: 'category',
    window: 'none',
    nullRule: 'Without a birth date.',
    transform: 'oneHot',
    needs: [{ role: 'customers', columns: ['birth_date'] }],
    compile: ({ prefix, column }) => {
      const year = `year(${prefix}birth_date)`
      const cases = GENERATIONS.map(([name, first, last]) => `when ${year} between ${first} and ${last} then '${name}'`)
      return {
        aggregations: [{ of: 'customers', aggregates: { [`${prefix}birth_date`]: 'max(birth_date)' } }],
        values: {
          [column]: `case when ${year} < ${GENERATIONS[0][1]} then 'earlier' ${cases.join(' ')} when ${year} is not null then 'later' end`,
        },
      }
    },
  },
  category('gender', 'gender', 'Gender, as the source writes it.'),
  category('incomeBand', 'income_band', 'Band of income, as the source writes it.'),
  amount('income', 'income', 'Income in a year.', { low: 'low income', high: 'high income' }),
  amount('wealth', 'wealth', 'What the customer owns.', { low: 'little wealth', high: 'wealthy' }),
  category('country', 'country', 'Country of the customer.'),
  category('region', 'region', 'Region of the customer.'),
  category('city', 'city', 'City of the customer.'),
  category('postalCode', 'postal_code', 'Postal code of the customer.'),
  {
    name: 'membershipYears',
    group: 'demographic',
    meaning: 'Years since registered_at, of 365.25 days.',
    unit: 'years',
    type: 'numeric',
    window: 'none',
    nullRule: 'Without an instant of registration.',
    transform: 'none',
    needs: [{ role: 'customers', columns: ['registered_at'] }],
    phrases: { low: 'newly registered', high: 'long registered' },
    grows: true,
    compile: (request) => yearsSince(request, 'registered_at'),
  },
  category('statedChannel', 'preferred_channel', 'The channel that the customer asked for.'),
  {
    name: 'attribute',
    group: 'demographic',
    meaning: 'Any other text column of customers, as a category.',
    unit: 'text',
    type: 'category',
    window: 'none',
    nullRule: 'Where the column is empty.',
    transform: 'oneHot',
    needs: [{ role: 'customers', columns: [] }],
    settings: { column: ownSettings.column },
    compile: (request) => attributeOf(request, request.settings.column as string),
  },
  {
    name: 'numberAttribute',
    group: 'demographic',
    meaning: 'A number that a source of customers gives, taken as it is.',
    unit: 'score',
    type: 'numeric',
    window: 'none',
    nullRule: 'Where the column is empty.',
    transform: 'none',
    needs: [{ role: 'customers', columns: [] }],
    settings: { column: ownSettings.column },
    compile: (request) => numberOf(request, request.settings.column as string),
  },
]

function category(name: string, column: string, meaning: string): CatalogueEntry {
  return {
    name,
    group: 'demographic',
    meaning,
    unit: 'text',
    type: 'category',
    window: 'none',
    nullRule: 'Where the column is empty.',
    transform: 'oneHot',
    needs: [{ role: 'customers', columns: [column] }],
    compile: (request) => attributeOf(request, column),
  }
}

function amount(
  name: string,
  column: string,
  meaning: string,
  phrases: { readonly low: string; readonly high: string },
): CatalogueEntry {
  return {
    name,
    group: 'demographic',
    meaning,
    unit: 'money',
    type: 'money',
    window: 'none',
    nullRule: 'Where the column is empty.',
    transform: 'log1p',
    needs: [{ role: 'customers', columns: [column] }],
    phrases,
    compile: (request) => numberOf(request, column),
  }
}
