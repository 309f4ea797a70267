import { historyColumns } from './entry.ts'
import type { CatalogueEntry, FeatureRequest, FeatureSql } from './entry.ts'
import { ownSettings } from './own-settings.ts'
import { repeatBuyingFeatures } from './repeat-buying.ts'

const { model, horizon, lifetime, discount, leastRepeatBuyers } = ownSettings

/** What all of them have in common: they are made of the same columns, by models that are fitted over all customers. */
const forecast = {
  window: 'fixed',
  nullRule: 'Without any order.',
  needs: [{ role: 'transactions', columns: [] }],
  madeBy: 'forecast',
  compile: histories,
} as const satisfies Partial<CatalogueEntry>

/** What customers are going to do, by the models of the method `predictive`. */
export const forecastFeatures: readonly CatalogueEntry[] = [
  {
    ...forecast,
    name: 'pAlive',
    group: 'lifecycle',
    meaning:
      'Chance that the customer still buys at all, by BG/NBD: how long the wait since the last purchase is for somebody with this rhythm.',
    unit: 'share',
    type: 'share',
    transform: 'none',
    settings: { model, leastRepeatBuyers },
    phrases: { low: 'probably lost', high: 'still active' },
  },
  {
    ...forecast,
    name: 'expectedPurchases',
    group: 'behaviour',
    meaning: 'Purchases that BG/NBD expects within the horizon after the as-of.',
    unit: 'count',
    type: 'numeric',
    transform: 'log1p',
    settings: { horizon, model, leastRepeatBuyers },
    phrases: { low: 'few purchases ahead', high: 'many purchases ahead' },
  },
  {
    ...forecast,
    name: 'expectedSpend',
    group: 'value',
    meaning:
      'Spend expected within the horizon after the as-of: expected purchases by BG/NBD times the worth of a purchase by gamma-gamma.',
    unit: 'money',
    type: 'money',
    transform: 'log1p',
    settings: { horizon, model, leastRepeatBuyers },
    phrases: { low: 'little spend ahead', high: 'much spend ahead' },
  },
  {
    ...forecast,
    name: 'lifetimeValue',
    group: 'value',
    meaning:
      'Spend expected from the as-of on for as long as `lifetime`, discounted: what is left of the lifetime value, by BG/NBD and gamma-gamma.',
    unit: 'money',
    type: 'money',
    transform: 'log1p',
    settings: { lifetime, discount, model, leastRepeatBuyers },
    phrases: { low: 'low lifetime value', high: 'high lifetime value' },
  },
]

/** The same columns whichever feature asks for them: they are there once. */
function histories(request: FeatureRequest): FeatureSql {
  const compiled = Object.entries(historyColumns).map(([input, column], index) => {
    const entry = repeatBuyingFeatures.find(({ name }) => name === input)!
    return entry.compile({ ...request, column, prefix: `__history_${index}_`, windowStart: null, settings: {} })
  })
  return {
    aggregations: compiled.flatMap(({ aggregations }) => aggregations),
    values: Object.assign({}, ...compiled.map(({ values }) => values)) as FeatureSql['values'],
  }
}
