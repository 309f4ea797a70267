import type { RunPlan } from '../plan/run-plan.ts'
import type { ComputeSession } from '../ports/compute-engine.ts'
import type { KernelPool } from '../ports/kernel-pool.ts'
import type { ClusterModel } from '../stages/cluster/model.ts'
import { columnsOf } from '../stages/features/transform.ts'
import { compileRuleCounts, compileTreeRows, judgeRules } from '../stages/validate/rule-sql.ts'
import type { JudgedRules } from '../stages/validate/rule-sql.ts'
import { segmentRules } from '../stages/validate/segment-rules.ts'
import { hasUnknown, treeColumn } from '../stages/validate/tree-columns.ts'
import type { AskedColumn } from '../stages/validate/tree-columns.ts'
import { unitOf } from './profile-features.ts'

const TREE_DEPTH = 4
/** A rule is not made for fewer of the sampled customers. */
const LEAF_SHARE = 0.005
const LEAST_LEAF_ROWS = 5

/**
 * Says by a surrogate tree who is in which cluster, and how often that is right among all customers. Table `population` of the session
 * holds them.
 *
 * @returns null for a model whose clusters have criteria of their own, or without features to ask about
 */
export async function explainSegments(
  session: ComputeSession,
  kernels: KernelPool,
  { plan, model, signal }: { plan: RunPlan; model: ClusterModel; signal: AbortSignal },
): Promise<JudgedRules | null> {
  if (model.clusters.some(({ criteria }) => criteria !== null)) return null
  const asked = model.features.features.flatMap((feature): readonly AskedColumn[] => {
    const levels = feature.kind === 'category' ? { levels: feature.levels } : {}
    return columnsOf(feature).map((name) => ({ name, unit: unitOf(plan, feature), ...levels }))
  })
  if (asked.length === 0) return null
  const { columns, rowCount } = await session.columns(compileTreeRows(asked.map(({ name }) => name)))
  const trees = asked.map((column) => treeColumn(column, columns[column.name]))
  const limits = { depth: TREE_DEPTH, leafRows: Math.max(LEAST_LEAF_ROWS, Math.ceil(rowCount * LEAF_SHARE)) }
  const clusters = columns.cluster as Int32Array
  const tree = await kernels.calculate('fitTree', [trees, clusters, model.clusterCount, limits], signal)
  const described = asked.map((column, i) => ({ ...column, hasUnknown: hasUnknown(trees[i]!) }))
  const rules = segmentRules(tree, described, model.clusterCount)
  return judgeRules(rules, await session.rows(compileRuleCounts(rules)))
}
