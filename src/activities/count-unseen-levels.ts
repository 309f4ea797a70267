import type { ComputeSession } from '../ports/compute-engine.ts'
import type { ClusterModel } from '../stages/cluster/model.ts'
import type { Measures, PublishedModel } from '../stages/validate/published-model.ts'
import {
  compareLevels,
  compileUnseenCustomers,
  compileUnseenLevels,
  nameUnseenLevels,
} from '../stages/validate/unseen-levels.ts'
import type { UnseenLevels } from '../stages/validate/unseen-levels.ts'

/** Looks in table `population` for levels that the live model did not know. */
export async function countUnseenLevels(
  session: ComputeSession,
  live: PublishedModel | null,
  candidate: ClusterModel,
  measures: Measures,
): Promise<UnseenLevels> {
  const { categories, compared } = compareLevels(live, candidate, measures)
  if (compared.length === 0) return { categories, compared: 0, customers: 0, levels: [], levelCount: 0 }
  const [counted] = await session.rows(compileUnseenCustomers(compared))
  const found = []
  for (const category of compared) found.push(await session.rows(compileUnseenLevels(category)))
  return {
    categories,
    compared: compared.length,
    customers: Number(counted!.customers),
    ...nameUnseenLevels(found),
  }
}
