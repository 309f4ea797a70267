import type { ComputeSession } from '../../ports/compute-engine.ts'
import { compileValueCounts } from '../../stages/cluster/value-counts.ts'
import type { ValueCounts } from '../../stages/cluster/value-counts.ts'

/** How many customers of a relation have each value of a feature. */
export async function readValueCounts(session: ComputeSession, relation: string, column: string): Promise<ValueCounts> {
  const { columns } = await session.columns(compileValueCounts(relation, column))
  return { values: columns.value as Float64Array, customers: columns.customers as Int32Array }
}

/** Customers that the counts hold. */
export function countedCustomers({ customers }: ValueCounts): number {
  return customers.reduce((sum, count) => sum + count, 0)
}
