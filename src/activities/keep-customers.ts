import type { ComputeSession } from '../ports/compute-engine.ts'
import type { ClusterModel } from '../stages/cluster/model.ts'
import type { ComparisonMeasure } from '../stages/validate/comparison/measures.ts'
import type { LabelMatch } from '../stages/validate/identity/identities.ts'
import { measuresMargins } from '../run/margins.ts'
import {
  addKept,
  compareKept,
  compileKeep,
  compileKept,
  compileKeptDistances,
  KEPT_LAYER,
  NOBODY_KEPT,
} from '../stages/validate/minimum-change.ts'
import type { Comparison } from './comparison-inputs.ts'
import { ROWS_AT_A_TIME } from './coordinates.ts'

export interface KeptCustomers {
  /** With a layer more, where somebody was kept. */
  readonly model: ClusterModel
  /** Empty where nobody asked for it, and on a first run. */
  readonly measures: readonly ComparisonMeasure[]
  readonly kept: number
}

/** Leaves customers of table `population` where they were, who would gain too little by going; people have their word afterwards. */
export async function keepCustomers(
  session: ComputeSession,
  { plan, state, model, customers }: Comparison,
  matches: readonly LabelMatch[],
): Promise<KeptCustomers> {
  const { minimumChange } = plan.definition.pipeline.validate
  if (minimumChange === 0 || !state.live || !measuresMargins(model)) return { model, measures: [], kept: 0 }
  const own = [...matches.entries()].filter(([cluster]) => model.clusters[cluster]!.level === 0)
  await session.createTable('staying', {
    rowCount: own.length,
    columns: {
      cluster: Int32Array.from(own, ([cluster]) => cluster),
      segment_key: own.map(([, { segmentKey }]) => segmentKey),
    },
  })
  await session.execute(compileKept(minimumChange))
  let sums = NOBODY_KEPT
  for (let start = 0; start < customers; start += ROWS_AT_A_TIME) {
    const { columns } = await session.columns(compileKeptDistances(start, start + ROWS_AT_A_TIME))
    const { distance, gain, is_kept: isKept } = columns
    sums = addKept(sums, distance as Float64Array, gain as Float64Array, isKept as Int32Array)
  }
  const measures = compareKept(sums)
  if (sums.kept === 0) return { model, measures, kept: 0 }
  const keeping = { ...model, layers: [...model.layers, KEPT_LAYER] }
  await session.execute(compileKeep(keeping))
  return { model: keeping, measures, kept: sums.kept }
}
