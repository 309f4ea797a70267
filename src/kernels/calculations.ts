import type { Calculations } from '../ports/calculations.ts'
import { fitTree } from '../stats/decision-tree.ts'
import { fitBetaGeometric } from '../stats/fit-beta-geometric.ts'
import { fitGammaGamma } from '../stats/fit-gamma-gamma.ts'
import { forecastPurchases } from '../stats/forecast-purchases.ts'
import { measureClusterability } from '../stats/measure-clusterability.ts'
import { measureSeparation } from '../stats/measure-separation.ts'

/** What a thread of the pool calculates by name. */
export const calculations: Calculations = {
  fitBetaGeometric,
  fitGammaGamma,
  fitTree,
  forecastPurchases,
  measureClusterability,
  measureSeparation,
}
