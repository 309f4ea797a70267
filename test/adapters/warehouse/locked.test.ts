import pg from 'pg'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openPool } from '../../../src/adapters/warehouse/connection.ts'
import { WarehouseBusy } from '../../../src/errors/warehouse-busy.ts'
import { openFreshSchema, type FreshSchema } from './fresh-schema.ts'

let target: FreshSchema
beforeAll(async () => {
  target = await openFreshSchema()
})
afterAll(() => target.close())

it('a lock that somebody else holds is waited for as long as readers can bear it, then it is a failure that is tried again', async () => {
  const pool = openPool(target)
  const locker = new pg.Client({ connectionString: target.connectionString })
  await locker.connect()
  try {
    await locker.query(`begin; lock table "${target.schema}".membership_open in share mode`)
    const waiting = pool.transaction(async ({ client }) => {
      const { rows } = await client.query<{ lock_timeout: string }>('show lock_timeout')
      expect(rows).toEqual([{ lock_timeout: '15s' }])
      await client.query(`set local lock_timeout to '50ms'`)
      await client.query('delete from membership_open')
    })
    const failure = await waiting.catch((error: unknown) => error)
    expect(failure).toBeInstanceOf(WarehouseBusy)
    expect(failure).toMatchObject({ retry: 'try-again', message: expect.stringContaining('(55P03)') as string })
  } finally {
    await locker.end()
    await pool.close()
  }
})
