import type { fitTree } from '../stats/decision-tree.ts'
import type { measureClusterability } from '../stats/measure-clusterability.ts'
import type { measureSeparation } from '../stats/measure-separation.ts'

/** Arithmetic of `stats` that is too long for the main thread; arguments and results are plain data, as threads exchange them. */
export interface Calculations {
  readonly fitTree: typeof fitTree
  readonly measureClusterability: typeof measureClusterability
  readonly measureSeparation: typeof measureSeparation
}
