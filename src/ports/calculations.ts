import type { adjustedRand } from '../stats/adjusted-rand.ts'

/** Arithmetic of `stats` that is too long for the main thread; arguments and results are plain data, as threads exchange them. */
export interface Calculations {
  readonly adjustedRand: typeof adjustedRand
}
