import { attributeOf, numberOf, yearsSince } from './attributes.ts'
import type { CatalogueEntry } from './entry.ts'

/** Of the European Commission's recommendation 2003/361/EC, by head count alone. */
const SIZES = [
  ['micro', 10],
  ['small', 50],
  ['medium', 250],
] as const

/** What companies are, when customers are companies. */
export const firmographicFeatures: readonly CatalogueEntry[] = [
  {
    name: 'companySize',
    group: 'firmographic',
    meaning: 'Number of employees.',
    unit: 'count',
    type: 'count',
    window: 'none',
    nullRule: 'Where the column is empty.',
    transform: 'log1p',
    needs: [{ role: 'customers', columns: ['employees'] }],
    phrases: { low: 'small companies', high: 'large companies' },
    compile: (request) => numberOf(request, 'employees'),
  },
  {
    name: 'companySizeClass',
    group: 'firmographic',
    meaning: 'By employees: micro below 10, small below 50, medium below 250, large from there on (2003/361/EC).',
    unit: 'text',
    type: 'category',
    window: 'none',
    nullRule: 'Where the column is empty.',
    transform: 'oneHot',
    needs: [{ role: 'customers', columns: ['employees'] }],
    compile: ({ prefix, column }) => {
      const cases = SIZES.map(([name, below]) => `when ${prefix}employees < ${below} then '${name}'`)
      return {
        aggregations: [{ of: 'customers', aggregates: { [`${prefix}employees`]: 'max(employees)' } }],
        values: { [column]: `case ${cases.join(' ')} when ${prefix}employees is not null then 'large' end` },
      }
    },
  },
  {
    name: 'industry',
    group: 'firmographic',
    meaning: 'Industry of the company, as the source writes it.',
    unit: 'text',
    type: 'category',
    window: 'none',
    nullRule: 'Where the column is empty.',
    transform: 'oneHot',
    needs: [{ role: 'customers', columns: ['industry'] }],
    compile: (request) => attributeOf(request, 'industry'),
  },
  {
    name: 'companyAge',
    group: 'firmographic',
    meaning: 'Completed years since founded_on, on the last day before the as-of in the zone of the pipeline.',
    unit: 'years',
    type: 'numeric',
    window: 'none',
    nullRule: 'Without a date of foundation.',
    transform: 'log1p',
    needs: [{ role: 'customers', columns: ['founded_on'] }],
    phrases: { low: 'young companies', high: 'established companies' },
    grows: true,
    compile: (request) => yearsSince(request, 'founded_on'),
  },
]
