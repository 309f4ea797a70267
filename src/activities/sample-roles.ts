import { isSampled, toSampledShare } from '../sql/hash-sample.ts'
import { primaryRole } from '../stages/extract/config.ts'
import type { Sample } from '../run/sample.ts'
import type { PreparedRole } from './extract-role.ts'
import type { Extraction } from './extraction.ts'

export interface SampledRoles {
  readonly roles: readonly PreparedRole[]
  /** Null: all customers are looked at. */
  readonly sample: Sample | null
}

/**
 * Leaves the rows of about as many customers as the run asks for, in all roles the same ones. Ids are merged by now, so that a customer is in
 * with all rows or with none.
 */
export async function sampleRoles(
  { session, plan }: Extraction,
  roles: readonly PreparedRole[],
): Promise<SampledRoles> {
  const { sample: wanted } = plan.options
  if (wanted === undefined) return { roles, sample: null }
  const primary = roles.find(({ role }) => role === primaryRole(plan.definition.pipeline.extract))!
  const count = async (sql: string): Promise<number> => Number((await session.rows(sql))[0]!.counted)
  const ofCustomers = await count(`SELECT count(DISTINCT customer_id) AS counted FROM (${primary.query})`)
  const share = toSampledShare(ofCustomers === 0 ? 1 : wanted / ofCustomers)
  const sampled: PreparedRole[] = []
  for (const role of roles) {
    const query = compileSampled(role.query, share)
    sampled.push({ ...role, query, rowCount: await count(`SELECT count(*) AS counted FROM (${query})`) })
  }
  return { roles: sampled, sample: { wanted, ofCustomers, share } }
}

/** Rows of nobody are sampled one by one: all or none of them would change what share of the rows cleansing rejects. */
function compileSampled(query: string, share: number): string {
  return `SELECT * FROM (${query}) AS r WHERE ${isSampled('coalesce(customer_id, CAST(r AS VARCHAR))', share)}`
}
