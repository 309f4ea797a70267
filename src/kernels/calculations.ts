import type { Calculations } from '../ports/calculations.ts'
import { adjustedRand } from '../stats/adjusted-rand.ts'

/** What a thread of the pool calculates by name. */
export const calculations: Calculations = { adjustedRand }
