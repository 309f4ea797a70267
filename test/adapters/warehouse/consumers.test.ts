import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { members } from './candidate.ts'
import { openFreshSchema, type FreshSchema } from './fresh-schema.ts'

const july = '2026-07-01T00:00:00.000Z'
const october = '2026-10-01T00:00:00.000Z'
const quarters = Array.from({ length: 11 }, (_, index) => `20${20 + index}-01-01T00:00:00.000Z`)

describe('consumers of the views, while publications come and go', () => {
  let target: FreshSchema

  beforeEach(async () => {
    target = await openFreshSchema()
  })
  afterEach(() => target.close())

  it('keep their grants, and see other pipelines as they were', async () => {
    const role = `reader_${target.schema}`
    const first = members('a shop-1')
    await target.publish({ pipeline: 'club', asOf: july, members: members('z club-1') })
    const one = await target.publish({ asOf: july, members: first })
    await target.query(`create role ${role}`)
    await target.query(`grant usage on schema ${target.schema} to ${role}`)
    await target.query(`grant select on customer_segments, shop_customers to ${role}`)
    try {
      await target.publish({
        asOf: october,
        members: members('a shop-2, b shop-2'),
        before: { runId: one.runId, members: first },
      })
      await target.query(`set role ${role}`)
      expect(await target.query('select customer_id from shop_customers order by 1')).toEqual([
        { customer_id: 'a' },
        { customer_id: 'b' },
      ])
      expect(await target.query('select pipeline, customer_id from customer_segments order by 1, 2')).toEqual([
        { pipeline: 'club', customer_id: 'z' },
        { pipeline: 'shop', customer_id: 'a' },
        { pipeline: 'shop', customer_id: 'b' },
      ])
      await expect(target.query('select * from membership_open')).rejects.toThrow('permission denied')
    } finally {
      await target.query('reset role')
      await target.query(`drop owned by ${role}; drop role ${role}`)
    }
  })

  it('see each of ten publications whole or not at all, and never wait for a lock', async () => {
    let live = members('c0 shop-1, c1 shop-2')
    let { runId } = await target.publish({ asOf: quarters[0]!, members: live })
    const reader = new pg.Client({ connectionString: target.connectionString })
    await reader.connect()
    await reader.query(`set search_path to ${target.schema}; set lock_timeout to '50ms'`)
    const seen = new Set<string>()
    let isPublishing = true
    const poll = async (): Promise<void> => {
      while (isPublishing)
        for (const view of ['customer_segments', 'shop_customers']) {
          const { rows } = await reader.query<{ run_key: string; customers: string }>({
            name: `poll ${view}`,
            text: `select run_key, count(*) as customers from ${view} group by run_key`,
          })
          // By construction the run of year 2020 + n has 2 + 40 n customers.
          expect(rows.map((row) => Number(row.customers))).toEqual(
            rows.map((row) => 2 + 40 * (Number(row.run_key.slice(5, 9)) - 2020)),
          )
          expect(rows).toHaveLength(1)
          seen.add(rows[0]!.run_key)
        }
    }
    const polling = poll()
    for (const [index, asOf] of quarters.entries()) {
      if (index === 0) continue
      const next = new Map(
        Array.from({ length: 2 + 40 * index }, (_, c) => [`c${c}`, `shop-${1 + ((c + index) % 3)}`] as const),
      )
      ;({ runId } = await target.publish({ asOf, members: next, before: { runId, members: live } }))
      live = next
    }
    isPublishing = false
    await polling
    await reader.end()
    expect(seen.size).toBeGreaterThan(5)
    // Per-run values of the live publication and seven before it are kept.
    expect(await target.scorePartitions()).toHaveLength(8)
  })

  it('see the live publication when the connection of the next one is killed in the middle, which goes through when tried again', async () => {
    const first = members('a shop-1, b shop-1')
    const one = await target.publish({ asOf: july, members: first })
    const lockHolder = new pg.Client({ connectionString: target.connectionString })
    await lockHolder.connect()
    // Holds up the switch after the pointer has moved, before it commits.
    await lockHolder.query(`begin; set search_path to ${target.schema}; lock table membership_open in share mode`)
    const next = {
      asOf: october,
      members: members('a shop-2, c shop-2'),
      before: { runId: one.runId, members: first },
    }
    const dying = target.publish(next).then(
      () => undefined,
      (error: unknown) => error,
    )
    await killWaiting(lockHolder)
    const failure = await dying
    await lockHolder.query('rollback')
    await lockHolder.end()
    expect(failure).toMatchObject({ type: 'ConnectionFailed', retry: 'try-again' })
    expect(await target.query('select distinct run_key from customer_segments')).toEqual([
      { run_key: 'shop@2026-07-01' },
    ])
    expect(await target.countOf('customer_segment_history')).toBe(2)
    expect(await target.publish(next)).toMatchObject({ written: true })
    expect(await target.query('select customer_id, segment_key from customer_segments order by 1')).toEqual([
      { customer_id: 'a', segment_key: 'shop-2' },
      { customer_id: 'c', segment_key: 'shop-2' },
    ])
  })

  async function killWaiting(client: pg.Client): Promise<void> {
    for (;;) {
      const { rows } = await client.query(
        `select pg_terminate_backend(pid) from pg_locks where not granted and relation = 'membership_open'::regclass`,
      )
      if (rows.length > 0) return
      await sleep(10)
    }
  }
})
