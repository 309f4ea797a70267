import type { fitMixture } from '../stats/fit-mixture.ts'
import type { fitKPrototypes } from '../stats/k-prototypes.ts'
import type { placeInMixture } from '../stats/place-in-mixture.ts'
import type { sphericalMixture } from '../stats/spherical-mixture.ts'
import type { wardTree } from '../stats/ward.ts'

/** Arithmetic of `stats` that is too long for the main thread; arguments and results are plain data, as threads exchange them. */
export interface Calculations {
  readonly fitKPrototypes: typeof fitKPrototypes
  readonly fitMixture: typeof fitMixture
  readonly placeInMixture: typeof placeInMixture
  readonly sphericalMixture: typeof sphericalMixture
  readonly wardTree: typeof wardTree
}
