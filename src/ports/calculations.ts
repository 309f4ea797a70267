import type { fitTree } from '../stats/decision-tree.ts'
import type { fitMixture } from '../stats/fit-mixture.ts'
import type { fitRepeatBuying } from '../stats/fit-repeat-buying.ts'
import type { forecastRepeatBuying } from '../stats/forecast-repeat-buying.ts'
import type { fitKPrototypes } from '../stats/k-prototypes.ts'
import type { measureClusterability } from '../stats/measure-clusterability.ts'
import type { measureSeparation } from '../stats/measure-separation.ts'
import type { placeInMixture } from '../stats/place-in-mixture.ts'
import type { sphericalMixture } from '../stats/spherical-mixture.ts'
import type { wardTree } from '../stats/ward.ts'

/** Arithmetic of `stats` that is too long for the main thread; arguments and results are plain data, as threads exchange them. */
export interface Calculations {
  readonly fitKPrototypes: typeof fitKPrototypes
  readonly fitMixture: typeof fitMixture
  readonly fitRepeatBuying: typeof fitRepeatBuying
  readonly fitTree: typeof fitTree
  readonly forecastRepeatBuying: typeof forecastRepeatBuying
  readonly measureClusterability: typeof measureClusterability
  readonly measureSeparation: typeof measureSeparation
  readonly placeInMixture: typeof placeInMixture
  readonly sphericalMixture: typeof sphericalMixture
  readonly wardTree: typeof wardTree
}
