import type { CatalogueEntry } from './entry.ts'
import { ownSettings } from './own-settings.ts'
import { epochUs } from './sql-text.ts'

/** Waits longer than so many of the customer's own gaps are a risk, and a loss. */
const AT_RISK = '1.5e0'
const LAPSED = '3e0'
/** A flurry of orders within days makes no rhythm of hours. */
const SHORTEST_GAP_DAYS = 7
const DAY_US = 86_400_000_000n

/**
 * Rhythm is the mean of the gaps between distinct instants of purchase, 7 days at least; with fewer than three purchases it is
 * `typicalGap`. With w the days since the last purchase, the first that holds:
 *
 * - `lapsed`: w > 3 × rhythm; `at_risk`: w > 1.5 × rhythm;
 * - `returned`: the last gap was longer than 3 × the rhythm of the purchases before it (`typicalGap` when these are fewer than three);
 * - `new`: the first purchase was at most `typicalGap` days ago; else `active`.
 */
export const lifecycleFeatures: readonly CatalogueEntry[] = [
  {
    name: 'lifecycleStage',
    group: 'lifecycle',
    meaning:
      'new, active, at_risk, lapsed or returned, by the own rhythm of the customer: at risk after 1.5, lapsed after 3 of the gaps usual between the purchases.',
    unit: 'text',
    type: 'category',
    window: 'fixed',
    nullRule: 'Without any order.',
    transform: 'oneHot',
    needs: [{ role: 'transactions', columns: [] }],
    settings: { typicalGap: ownSettings.typicalGap },
    compile: ({ prefix, column, asOf, settings }) => {
      const [first, last, previous, count] = ['first_us', 'last_us', 'previous_us', 'count'].map(
        (name) => prefix + name,
      )
      const typical = BigInt(settings.typicalGap as number) * DAY_US
      const shortest = BigInt(SHORTEST_GAP_DAYS) * DAY_US
      const rhythm = (from: string, to: string, purchases: string): string =>
        `case when ${purchases} >= 3 then greatest(cast(${to} - ${from} as double) / (${purchases} - 1), ${shortest}e0) else ${typical}e0 end`
      const wait = `cast(${epochUs(asOf)} - ${last} as double)`
      const own = rhythm(first!, last!, count!)
      const before = rhythm(first!, previous!, `(${count} - 1)`)
      return {
        aggregations: [
          {
            of: 'orders',
            aggregates: {
              [first!]: 'min(instant_us)',
              [last!]: 'max(instant_us)',
              // The second largest instant: every purchase but the first has the one before it.
              [previous!]: 'max(previous_us)',
              // Instants of ordering: all but the first say the one before.
              [count!]: 'count(previous_us) + 1',
            },
          },
        ],
        values: {
          [column]: `case
            when ${count} is null then null
            when ${wait} > ${LAPSED} * (${own}) then 'lapsed'
            when ${wait} > ${AT_RISK} * (${own}) then 'at_risk'
            when ${count} >= 2 and cast(${last} - ${previous} as double) > ${LAPSED} * (${before}) then 'returned'
            when ${epochUs(asOf)} - ${first} <= ${typical} then 'new'
            else 'active' end`,
        },
      }
    },
  },
]
