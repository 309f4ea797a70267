import { peerColumns } from './entry.ts'
import type { CatalogueEntry } from './entry.ts'
import { ownSettings } from './own-settings.ts'
import { spentSum, topCategory } from './value.ts'

/** What customers could spend. */
export const potentialFeatures: readonly CatalogueEntry[] = [
  {
    name: 'potentialValue',
    group: 'potential',
    meaning:
      'What the customer spends less than the nearest high-value peers: the 90 % quantile of `monetary` among customers with the same top category, minus own; 0 for those above it.',
    unit: 'money',
    type: 'money',
    window: 'any',
    nullRule: 'When no line of the window has a category.',
    transform: 'log1p',
    needs: [{ role: 'transactions', columns: ['category'] }],
    settings: { minPeers: ownSettings.minPeers },
    phrases: { low: 'near peak spend', high: 'room to grow' },
    madeBy: 'peers',
    compile: (request) => {
      const { spend, category } = peerColumns(request.column)
      const [spent, top] = [spentSum(request), topCategory(request)]
      return {
        aggregations: [spent.aggregation, top.aggregation],
        values: { [spend]: spent.value },
        texts: { [category]: top.value },
      }
    },
  },
]
