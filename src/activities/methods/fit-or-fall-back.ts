import { NotClusterable } from '../../errors/not-clusterable.ts'
import type { MethodConfig } from '../../stages/cluster/config.ts'
import type { ClusterModel } from '../../stages/cluster/model.ts'
import type { FitInput } from './method.ts'
import { methodOf } from './methods.ts'

/** Fits the method of the pipeline, or its fallback when the customers have no groups to find. @throws NotClusterable without one */
export async function fitOrFallBack(
  cluster: MethodConfig,
  input: Omit<FitInput<MethodConfig>, 'config'>,
): Promise<ClusterModel> {
  try {
    return await methodOf(cluster.method).fit({ ...input, config: cluster })
  } catch (error) {
    const fallback = cluster.method === 'kmeans' ? cluster.fallback : 'refuse'
    if (!(error instanceof NotClusterable) || fallback === 'refuse') throw error
    const model = await methodOf(fallback.method).fit({ ...input, config: fallback })
    return { ...model, insteadOf: { method: cluster.method, reason: error.what } }
  }
}
