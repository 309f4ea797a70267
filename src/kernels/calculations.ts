import type { Calculations } from '../ports/calculations.ts'
import { fitTree } from '../stats/decision-tree.ts'
import { fitBetaGeometric } from '../stats/fit-beta-geometric.ts'
import { fitGammaGamma } from '../stats/fit-gamma-gamma.ts'
import { fitMixture } from '../stats/fit-mixture.ts'
import { forecastPurchases } from '../stats/forecast-purchases.ts'
import { fitKPrototypes } from '../stats/k-prototypes.ts'
import { measureClusterability } from '../stats/measure-clusterability.ts'
import { measureSeparation } from '../stats/measure-separation.ts'
import { placeInMixture } from '../stats/place-in-mixture.ts'
import { sphericalMixture } from '../stats/spherical-mixture.ts'
import { wardTree } from '../stats/ward.ts'

/** What a thread of the pool calculates by name. */
export const calculations: Calculations = {
  fitBetaGeometric,
  fitGammaGamma,
  fitKPrototypes,
  fitMixture,
  fitTree,
  forecastPurchases,
  measureClusterability,
  measureSeparation,
  placeInMixture,
  sphericalMixture,
  wardTree,
}
