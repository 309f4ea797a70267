import type { Calculations } from '../ports/calculations.ts'
import { fitTree } from '../stats/decision-tree.ts'
import { fitMixture } from '../stats/fit-mixture.ts'
import { fitRepeatBuying } from '../stats/fit-repeat-buying.ts'
import { forecastRepeatBuying } from '../stats/forecast-repeat-buying.ts'
import { fitKPrototypes } from '../stats/k-prototypes.ts'
import { measureClusterability } from '../stats/measure-clusterability.ts'
import { measureSeparation } from '../stats/measure-separation.ts'
import { placeInMixture } from '../stats/place-in-mixture.ts'
import { sphericalMixture } from '../stats/spherical-mixture.ts'
import { wardTree } from '../stats/ward.ts'

/** What a thread of the pool calculates by name. */
export const calculations: Calculations = {
  fitKPrototypes,
  fitMixture,
  fitRepeatBuying,
  fitTree,
  forecastRepeatBuying,
  measureClusterability,
  measureSeparation,
  placeInMixture,
  sphericalMixture,
  wardTree,
}
