import { dataRoles, type DataRole } from '../run/data-roles.ts'
import { catalogue } from '../stages/features/catalogue.ts'
import { chooseAttributes } from './choose-attributes.ts'
import type { ChosenLine, Objective } from './choose-pipeline.ts'
import { chooseQuestions } from './choose-questions.ts'
import type { SourceGuess } from './guesses.ts'

/** Feature → why; in the order of interest. */
type Wishes = readonly (readonly [string, string])[]

/** What customers differ in, by what the segments are for and by role. Those that the data does not allow are passed over. */
const wishes: Readonly<Record<Objective, Readonly<Partial<Record<DataRole, Wishes>>>>> = {
  retention: {
    transactions: [
      ['recency', 'days since the last order: who is slipping away'],
      ['frequency', 'how many orders'],
      ['monetary', 'how much in all'],
      ['gapMean', 'the own rhythm'],
      ['tenure', 'for how long'],
    ],
    events: [
      ['engagementRecency', 'days since the last event: who has gone quiet'],
      ['activeDays', 'on how many days'],
      ['engagementTrend', 'more or fewer days than before'],
      ['sessions', 'how many visits'],
    ],
    tickets: [
      ['complaintCount', 'complaints come before leaving'],
      ['supportSatisfaction', 'how content with support'],
      ['ticketCount', 'how much support is asked for'],
    ],
    touches: [
      ['responseRate', 'who can still be reached'],
      ['contactRecency', 'days since the last contact'],
    ],
    customers: [['membershipYears', 'for how long']],
  },
  value: {
    transactions: [
      ['monetary', 'how much in all'],
      ['averageOrderValue', 'what an order is worth'],
      ['frequency', 'how many orders'],
      ['recency', 'days since the last order'],
      ['marginRate', 'what is left after costs'],
      ['discountShare', 'how much only at a discount'],
      ['distinctCategories', 'how much of the assortment'],
    ],
    events: [
      ['activeDays', 'on how many days'],
      ['eventsPerSession', 'how much happens in a visit'],
      ['sessions', 'how many visits'],
      ['engagementRecency', 'days since the last event'],
    ],
    tickets: [['ticketCount', 'what serving them takes']],
    touches: [
      ['campaignReturn', 'what contacts bring for their cost'],
      ['campaignRevenue', 'what contacts bring'],
      ['responseRate', 'who answers campaigns'],
    ],
    customers: [
      ['income', 'what they could spend'],
      ['incomeBand', 'what they could spend'],
      ['companySize', 'how large they are'],
    ],
  },
  growth: {
    transactions: [
      ['frequency', 'how many orders'],
      ['monetary', 'how much in all'],
      ['averageOrderValue', 'what an order is worth'],
      ['trend', 'spending more or less than before'],
      ['distinctCategories', 'how much of the assortment'],
      ['distinctProducts', 'how wide the interest is'],
    ],
    events: [
      ['engagementTrend', 'more or fewer days than before'],
      ['distinctEvents', 'how much of the product is used'],
      ['activeDays', 'on how many days'],
      ['sessions', 'how many visits'],
    ],
    tickets: [['ticketCount', 'where something is in the way']],
    touches: [
      ['responseRate', 'who answers campaigns'],
      ['campaignCount', 'how often they were asked'],
    ],
    customers: [['companySize', 'how large they may become']],
  },
}

/** Beside purchases each other role gives its best, so that none outweighs what was bought. */
const BESIDE = 2

/** Features by which customers differ in what the objective is about, out of the roles that there are. */
export function chooseFeatures(objective: Objective, sources: readonly SourceGuess[]): readonly ChosenLine[] {
  const mapped = mappedColumns(sources)
  const limit = (role: DataRole): number | undefined =>
    mapped.transactions && role !== 'transactions' ? BESIDE : undefined
  const chosen = dataRoles.flatMap((role) =>
    (wishes[objective][role] ?? [])
      .filter(([name]) => isPossible(name, mapped))
      .slice(0, limit(role))
      .map(([value, because]) => ({ value, because })),
  )
  const survey = sources.filter(({ role }) => role === 'survey').flatMap((source) => chooseQuestions(source))
  const customers = sources.find(({ role }) => role === 'customers')
  // Attributes describe, behaviour segments: they decide where nothing else is known.
  const isAlone = chosen.length + survey.length < 2
  const attributes = isAlone && customers ? chooseAttributes(customers) : []
  const known = new Set(attributes.map(({ value }) => value))
  return [...chosen.filter(({ value }) => !known.has(value)), ...survey.slice(0, limit('survey')), ...attributes]
}

type Mapped = Readonly<Partial<Record<DataRole, ReadonlySet<string>>>>

/** Role → columns that all of its sources map. */
function mappedColumns(sources: readonly SourceGuess[]): Mapped {
  return Object.fromEntries(
    dataRoles.flatMap((role) => {
      const ofRole = sources.filter((source) => source.role === role)
      const names = ofRole.flatMap(({ columns, lookups }) => [
        ...columns.map(({ column }) => column),
        ...lookups.flatMap((lookup) => lookup.columns),
      ])
      return ofRole.length === 0 ? [] : [[role, new Set(names)]]
    }),
  )
}

function isPossible(name: string, mapped: Mapped): boolean {
  return catalogue[name]!.needs.every(({ role, columns }) => {
    const there = mapped[role]
    return there !== undefined && columns.every((column) => there.has(column))
  })
}
