import type { Calculations } from '../ports/calculations.ts'
import { fitTree } from '../stats/decision-tree.ts'
import { measureClusterability } from '../stats/measure-clusterability.ts'
import { measureSeparation } from '../stats/measure-separation.ts'

/** What a thread of the pool calculates by name. */
export const calculations: Calculations = {
  fitTree,
  measureClusterability,
  measureSeparation,
}
