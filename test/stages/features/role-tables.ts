import { afterAll, beforeAll, beforeEach } from 'vitest'
import type { ComputeSession } from '../../../src/ports/compute-engine.ts'
import { openSession } from '../engine-session.ts'
import { featuresOf } from './feature-rows.ts'

/** Midnight in Berlin: the last day is 31 January. */
export const berlin = { asOf: '2026-01-31T23:00:00Z', timezone: 'Europe/Berlin', population: 'customers' } as const

/** A session a test file; every test begins with customers ann and bob, and no other role. */
export function useRoleTables() {
  let session: ComputeSession
  let close: () => Promise<void>
  const table = async (name: string, columns: string, values: string): Promise<void> => {
    await session.execute(`create or replace table raw_${name} (${columns})`)
    await session.execute(`insert into raw_${name} values ${values}`)
    await session.execute(`create or replace table ${name} as select 1 as bucket, * from raw_${name}`)
    await session.execute(`drop table raw_${name}`)
  }
  beforeAll(async () => {
    ;({ session, close } = await openSession())
  })
  afterAll(async () => close())
  beforeEach(async () => {
    for (const role of ['events', 'survey', 'tickets', 'touches']) await session.execute(`drop table if exists ${role}`)
    await table('customers', 'customer_id varchar', "('ann'), ('bob')")
  })
  return {
    table,
    session: () => session,
    customers: (values: string, columns: string) => table('customers', columns, values),
    async rowsOf(config: readonly unknown[]): Promise<readonly Readonly<Record<string, unknown>>[]> {
      const { query, orderBy } = await featuresOf(session, config, berlin)
      return session.rows(`select * exclude (bucket) from (${query}) order by ${orderBy}`)
    },
  }
}
