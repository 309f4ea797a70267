import type { Calculations } from '../ports/calculations.ts'
import { fitMixture } from '../stats/fit-mixture.ts'
import { fitKPrototypes } from '../stats/k-prototypes.ts'
import { placeInMixture } from '../stats/place-in-mixture.ts'
import { sphericalMixture } from '../stats/spherical-mixture.ts'
import { wardTree } from '../stats/ward.ts'

/** What a thread of the pool calculates by name. */
export const calculations: Calculations = { fitKPrototypes, fitMixture, placeInMixture, sphericalMixture, wardTree }
