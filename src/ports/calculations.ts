import type { fitTree } from '../stats/decision-tree.ts'
import type { fitBetaGeometric } from '../stats/fit-beta-geometric.ts'
import type { fitGammaGamma } from '../stats/fit-gamma-gamma.ts'
import type { forecastPurchases } from '../stats/forecast-purchases.ts'
import type { measureClusterability } from '../stats/measure-clusterability.ts'
import type { measureSeparation } from '../stats/measure-separation.ts'

/** Arithmetic of `stats` that is too long for the main thread; arguments and results are plain data, as threads exchange them. */
export interface Calculations {
  readonly fitBetaGeometric: typeof fitBetaGeometric
  readonly fitGammaGamma: typeof fitGammaGamma
  readonly forecastPurchases: typeof forecastPurchases
  readonly fitTree: typeof fitTree
  readonly measureClusterability: typeof measureClusterability
  readonly measureSeparation: typeof measureSeparation
}
