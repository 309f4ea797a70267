import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ComputeSession } from '../../../src/ports/compute-engine.ts'
import {
  compileFirstHoldout,
  compileHeldOut,
  compileHeldOutBySegment,
  holdoutOf,
  type Holdout,
} from '../../../src/stages/validate/holdout-sql.ts'
import { hasOnlineRetail, onlineRetailFile, onlineRetailRaw } from '../cleanse/online-retail.ts'
import { openSession } from '../engine-session.ts'

/** customer → number of the segment */
type Placed = ReadonlyMap<string, number>

const bySegment = (share: number, salt = 'shop'): Holdout => ({ share, salt, by: 'segment' })
/** Half up, in whole parts of a million: as people count. */
const quotaOf = (customers: number, share: number): number =>
  Math.floor((customers * Math.round(share * 1e6) + 500_000) / 1e6)
/** The first eight bytes of MD5, little-endian, as DuckDB documents md5_number_lower; here of Node's MD5. */
const placeOf = (salt: string, customer: string): number =>
  Number(createHash('md5').update(`holdout:${salt}:${customer}`).digest().readBigUInt64LE(8) % 1_000_000n)

describe('the holdout', () => {
  let session: ComputeSession
  let close: () => Promise<void>
  beforeAll(async () => {
    ;({ session, close } = await openSession([onlineRetailFile]))
    await session.createTable('segment_keys', {
      rowCount: 4,
      columns: { cluster: Int32Array.of(0, 1, 2, 3), segment_key: ['shop-1', 'shop-2', 'shop-3', 'shop-4'] },
    })
  })
  afterAll(() => close())

  async function draw(
    now: Placed,
    holdout: Holdout,
    live?: { placed: Placed; held: ReadonlySet<string>; holdout: Holdout | null },
  ): Promise<ReadonlySet<string>> {
    for (const table of ['population', 'live', 'live_flags', 'held_out'])
      await session.execute(`DROP TABLE IF EXISTS ${table}`)
    await session.createTable('population', {
      rowCount: now.size,
      columns: { customer_id: [...now.keys()], cluster: Int32Array.from(now.values()) },
    })
    await session.createTable('live_flags', {
      rowCount: live?.placed.size ?? 0,
      columns: {
        customer_id: [...(live?.placed.keys() ?? [])],
        held: Int32Array.from(live?.placed.keys() ?? [], (customer) => (live!.held.has(customer) ? 1 : 0)),
      },
    })
    await session.execute(
      `CREATE TABLE live AS SELECT customer_id, 'shop-1' AS segment_key, held = 1 AS is_holdout FROM live_flags`,
    )
    await session.execute(compileHeldOutBySegment(holdout, live?.holdout ?? null))
    const rows = await session.rows('SELECT customer_id FROM held_out')
    return new Set(rows.map((row) => String(row.customer_id)))
  }

  const someCustomers = fc
    .dictionary(fc.stringMatching(/^[a-z0-9]{1,4}$/), fc.integer({ min: 0, max: 3 }), { minKeys: 1, maxKeys: 60 })
    .map((drawn): Placed => new Map(Object.entries(drawn)))
  const someShare = fc.integer({ min: 0, max: 50 }).map((percent) => percent / 100)

  it('by segment is exactly the share of each segment when it is drawn first, the first by the hash', async () => {
    await fc.assert(
      fc.asyncProperty(someCustomers, someShare, async (customers, share) => {
        const held = await draw(customers, bySegment(share))
        for (const cluster of [0, 1, 2, 3]) {
          const own = [...customers].filter(([, at]) => at === cluster).map(([customer]) => customer)
          const order = own.sort((a, b) => placeOf('shop', a) - placeOf('shop', b) || (a < b ? -1 : 1))
          const wanted = order.slice(0, quotaOf(own.length, share))
          expect(order.filter((customer) => held.has(customer))).toEqual(wanted)
        }
      }),
      { numRuns: 30 },
    )
  })

  it('by segment keeps everybody where they are, in or out, and fills up with the new as far as they go', async () => {
    await fc.assert(
      fc.asyncProperty(someCustomers, someCustomers, someShare, async (before, now, share) => {
        const held = await draw(before, bySegment(share))
        const next = await draw(now, bySegment(share), { placed: before, held, holdout: bySegment(share) })
        for (const cluster of [0, 1, 2, 3]) {
          const own = [...now].filter(([, at]) => at === cluster).map(([customer]) => customer)
          const known = own.filter((customer) => before.has(customer))
          expect(known.filter((customer) => next.has(customer))).toEqual(known.filter((one) => held.has(one)))
          const kept = known.filter((customer) => held.has(customer)).length
          const fresh = own.length - known.length
          const wanted = Math.max(kept, Math.min(quotaOf(own.length, share), kept + fresh))
          expect(own.filter((customer) => next.has(customer))).toHaveLength(wanted)
        }
      }),
      { numRuns: 30 },
    )
  })

  it('by segment of a larger share holds who was held, of a smaller one only those, of another salt whom it draws', async () => {
    await fc.assert(
      fc.asyncProperty(someCustomers, async (customers) => {
        const live = { placed: customers, held: await draw(customers, bySegment(0.2)), holdout: bySegment(0.2) }
        const more = await draw(customers, bySegment(0.4), live)
        expect([...live.held].filter((customer) => !more.has(customer))).toEqual([])
        const fewer = await draw(customers, bySegment(0.1), live)
        expect([...fewer].filter((customer) => !live.held.has(customer))).toEqual([])
        for (const [found, share] of [
          [more, 0.4],
          [fewer, 0.1],
        ] as const)
          for (const cluster of [0, 1, 2, 3]) {
            const own = [...customers].filter(([, at]) => at === cluster)
            expect(own.filter(([customer]) => found.has(customer))).toHaveLength(quotaOf(own.length, share))
          }
        expect(await draw(customers, bySegment(0.2, 'spring'), live)).toEqual(
          await draw(customers, bySegment(0.2, 'spring')),
        )
      }),
      { numRuns: 15 },
    )
  })

  it('has the name of the pipeline for its salt, and nobody in it, where nothing is said', () => {
    expect(holdoutOf({ pipeline: 'shop', publish: {} })).toEqual({ share: 0, salt: 'shop', by: 'customer' })
  })

  it.skipIf(!hasOnlineRetail)('of Online Retail stays the same over four quarters, whatever the segment', async () => {
    await session.execute(`CREATE TABLE lines AS SELECT customer_id, occurred_at, amount FROM (${onlineRetailRaw})
      WHERE customer_id IS NOT NULL AND amount > 0`)
    const holdout: Holdout = { share: 0.2, salt: 'shop', by: 'customer' }
    let live: { placed: Placed; held: ReadonlySet<string>; holdout: Holdout } | undefined
    const byHash = new Map<string, boolean>()
    for (const asOf of ['2011-04-01', '2011-07-01', '2011-10-01', '2011-12-10']) {
      // Quarters of the customers by what they spent stand for segments: they move.
      const rows = await session.rows(`
        SELECT customer_id, ntile(4) OVER (ORDER BY spent, customer_id) - 1 AS cluster,
          ${compileHeldOut(holdout, 'customer_id')} AS is_held
        FROM (SELECT customer_id, sum(amount) AS spent FROM lines WHERE occurred_at < '${asOf}' GROUP BY customer_id)`)
      for (const row of rows) {
        const customer = String(row.customer_id)
        expect(byHash.get(customer) ?? row.is_held).toBe(row.is_held)
        byHash.set(customer, row.is_held as boolean)
      }
      // Independent of the segment: 3 degrees of freedom, 16.27 is passed by chance once in a thousand.
      expect(chiSquare(rows)).toBeLessThan(16.27)
      const placed = new Map(rows.map((row) => [String(row.customer_id), Number(row.cluster)]))
      const held = await draw(placed, bySegment(0.2), live)
      for (const [customer] of live?.placed ?? []) expect(held.has(customer)).toBe(live!.held.has(customer))
      // Who is known moves between the segments, and keeps the status: the new make up for that in each.
      const shares = [0, 1, 2, 3].map((cluster) => {
        const own = [...placed].filter(([, at]) => at === cluster)
        return own.filter(([customer]) => held.has(customer)).length / own.length
      })
      for (const share of shares) expect(Math.abs(share - 0.2)).toBeLessThan(0.05)
      live = { placed, held, holdout: bySegment(0.2) }
    }
    expect(live!.placed.size).toBeGreaterThan(4000)
  })

  it('of adopted segments is drawn by the same rule', async () => {
    const given = `SELECT 'c' || i AS customer_id, 'shop-' || (i % 3) AS segment_key FROM range(300) AS t(i)`
    const rows = await session.rows(`SELECT segment_key, count(*) FILTER (is_holdout) AS held
      FROM (${compileFirstHoldout(bySegment(0.125), given)}) GROUP BY segment_key ORDER BY segment_key`)
    // 12.5 of 100, rounded half up.
    expect(rows.map(({ held }) => Number(held))).toEqual([13, 13, 13])
  })
})

/** Of a table of segments by held out or not (Pearson). */
function chiSquare(rows: readonly Readonly<Record<string, unknown>>[]): number {
  const share = rows.filter((row) => row.is_held).length / rows.length
  return [0, 1, 2, 3].reduce((sum, cluster) => {
    const own = rows.filter((row) => Number(row.cluster) === cluster)
    const held = own.filter((row) => row.is_held).length
    const wanted = own.length * share
    return sum + (held - wanted) ** 2 / wanted + (held - wanted) ** 2 / (own.length - wanted)
  }, 0)
}
