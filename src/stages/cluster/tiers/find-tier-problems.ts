import { checkNamed, checkNumberColumn } from '../method-problem.ts'
import type { MethodProblem } from '../method-problem.ts'
import type { NearColumn, ReadableColumns } from '../readable-columns.ts'
import { cutOf, noValue, tierCount, tiersOf, valueUnknown } from './config.ts'
import type { TiersConfig } from './config.ts'

/** How far shares may be from 1 together: what adding decimal fractions loses. */
const TOLERANCE = 1e-9

/** A feature that is not there or no number, shares that are not 1 together, bounds that do not rise, names that do not fit the tiers. */
export function findTierProblems(
  config: TiersConfig,
  columns: ReadableColumns,
  nearColumns: (name: string) => NearColumn | null = () => null,
): readonly MethodProblem[] {
  return [
    ...checkNumberColumn(config.feature, ['feature'], columns, nearColumns),
    ...checkCut(config),
    ...checkTiers(config),
  ]
}

function checkCut(config: TiersConfig): readonly MethodProblem[] {
  const cut = cutOf(config)
  if ('bounds' in cut) {
    const { bounds } = cut
    const bad = bounds.findIndex((bound, index) => index > 0 && bound <= bounds[index - 1]!)
    if (bad < 0) return []
    return [
      { path: ['by', 'bounds', bad], came: `${bounds[bad]} after ${bounds[bad - 1]}`, wanted: 'bounds that rise' },
    ]
  }
  if ('quantiles' in cut) return []
  const [key, shares] = 'ofTotal' in cut ? ['ofTotal', cut.ofTotal] : ['ofCustomers', cut.ofCustomers]
  const sum = shares.reduce((all, share) => all + share, 0)
  if (Math.abs(sum - 1) <= TOLERANCE) return []
  return [
    {
      path: ['by', key],
      came: `shares that are ${Number(sum.toPrecision(12))} together`,
      wanted: 'shares that are 1 together',
    },
  ]
}

function checkTiers(config: TiersConfig): readonly MethodProblem[] {
  const wanted = tierCount(cutOf(config))
  const { tiers } = config
  if (tiers && tiers.length !== wanted)
    return [{ path: ['tiers'], came: `${tiers.length} names`, wanted: `${wanted}: one a tier, the best first` }]
  const own = tiersOf(config).map(({ key, name }, index) => ({ key, name, path: tiers ? ['tiers', index] : ['by'] }))
  return checkNamed([
    // Ours come first, so that a name that is like them is what is wrong.
    { ...noValue, path: ['nonPositive'] },
    { ...valueUnknown, path: ['missing'] },
    ...own,
  ])
}
