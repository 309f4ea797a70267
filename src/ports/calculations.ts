import type { fitTree } from '../stats/decision-tree.ts'
import type { fitBetaGeometric } from '../stats/fit-beta-geometric.ts'
import type { fitGammaGamma } from '../stats/fit-gamma-gamma.ts'
import type { fitMixture } from '../stats/fit-mixture.ts'
import type { forecastPurchases } from '../stats/forecast-purchases.ts'
import type { fitKPrototypes } from '../stats/k-prototypes.ts'
import type { measureClusterability } from '../stats/measure-clusterability.ts'
import type { measureSeparation } from '../stats/measure-separation.ts'
import type { placeInMixture } from '../stats/place-in-mixture.ts'
import type { sphericalMixture } from '../stats/spherical-mixture.ts'
import type { wardTree } from '../stats/ward.ts'

/** Arithmetic of `stats` that is too long for the main thread; arguments and results are plain data, as threads exchange them. */
export interface Calculations {
  readonly fitBetaGeometric: typeof fitBetaGeometric
  readonly fitGammaGamma: typeof fitGammaGamma
  readonly fitKPrototypes: typeof fitKPrototypes
  readonly fitMixture: typeof fitMixture
  readonly fitTree: typeof fitTree
  readonly forecastPurchases: typeof forecastPurchases
  readonly measureClusterability: typeof measureClusterability
  readonly measureSeparation: typeof measureSeparation
  readonly placeInMixture: typeof placeInMixture
  readonly sphericalMixture: typeof sphericalMixture
  readonly wardTree: typeof wardTree
}
