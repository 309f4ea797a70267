import type { ComputeSession } from '../ports/compute-engine.ts'
import { countPlaced } from '../stages/cluster/cluster-sizes.ts'
import type { ClusterModel } from '../stages/cluster/model.ts'
import { placedTable } from '../stages/cluster/placed-table.ts'
import { compileAddChunk, compileCreatePlaced } from '../stages/cluster/sql.ts'
import { addUnseen } from '../stages/features/unseen-counts.ts'
import type { UnseenCounts } from '../stages/features/unseen-counts.ts'
import type { PlaceTools } from './methods/method.ts'
import { methodOf } from './methods/methods.ts'

export interface PlacedSummary {
  /** Customers that are in a cluster. */
  readonly placed: number
  /** Customers in each cluster, by its number, first of all or further. */
  readonly sizes: readonly number[]
  /** Feature → customers whose level the model does not know; only those above 0. */
  readonly unseenLevels: UnseenCounts
}

/**
 * Makes table `placed` of the session: the rows that the queries yield, one query after the other, placed by the model.
 *
 * @param compileQuery one query, from the columns that the method reads
 */
export async function placeCustomers(
  session: ComputeSession,
  model: ClusterModel,
  queries: readonly ((columns: Readonly<Record<string, string>>) => string)[],
  tools: PlaceTools & { progress(done: number): void },
): Promise<PlacedSummary> {
  const method = methodOf(model.method)
  const columns = method.columns(model)
  const sizes = new Array<number>(model.clusterCount).fill(0)
  const unseen: UnseenCounts[] = []
  let placed = 0
  let rows = 0
  await session.execute(compileCreatePlaced(model))
  for (const compileQuery of queries) {
    const table = await session.columns(compileQuery(columns))
    const placement = await method.place(table, model, tools)
    placed += countPlaced(placement, sizes)
    unseen.push(placement.unseenLevels)
    await session.createTable('chunk', placedTable(placement, model))
    for (const sql of compileAddChunk(model, rows)) await session.execute(sql)
    rows += table.rowCount
    tools.progress(rows)
  }
  return { placed, sizes, unseenLevels: addUnseen(unseen) }
}
