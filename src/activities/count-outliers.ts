import type { ComputeSession } from '../ports/compute-engine.ts'
import { COUNT_OUTLIERS } from '../stages/validate/sql.ts'

/** Customers of table `population` that are far from all clusters. */
export async function countOutliers(session: ComputeSession): Promise<number> {
  const [counted] = await session.rows(COUNT_OUTLIERS)
  return Number(counted!.customers)
}
