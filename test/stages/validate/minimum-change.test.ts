import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ComputeSession } from '../../../src/ports/compute-engine.ts'
import { compileKeep, compileKept, KEPT_LAYER } from '../../../src/stages/validate/minimum-change.ts'
import { PLAIN_CLUSTER } from '../../../src/stages/cluster/model.ts'
import { openSession } from '../engine-session.ts'

interface Placed {
  /** Where the model puts the customer, what comes next, and where the customer was: numbers of clusters; −1: nowhere. */
  readonly cluster: number
  readonly next: number
  readonly previous: number
  readonly gain: number
}

const placed = fc
  .record({
    cluster: fc.integer({ min: 0, max: 2 }),
    step: fc.integer({ min: 1, max: 2 }),
    previous: fc.integer({ min: -1, max: 2 }),
    gain: fc.integer({ min: 0, max: 99 }),
  })
  .map(({ cluster, step, previous, gain }): Placed => ({
    ...{ cluster, next: (cluster + step) % 3, previous, gain: gain / 100 },
  }))

describe('minimumChange, of any placement', () => {
  let session: ComputeSession
  let close: () => Promise<void>
  beforeAll(async () => {
    ;({ session, close } = await openSession())
    await session.createTable('staying', {
      rowCount: 3,
      columns: { cluster: Int32Array.of(0, 1, 2), segment_key: ['shop-0', 'shop-1', 'shop-2'] },
    })
    await session.execute("CREATE TABLE live_overrides AS SELECT '7' AS customer_id")
  })
  afterAll(() => close())

  /** Clusters of the customers when those were kept who gain too little. */
  async function keep(customers: readonly Placed[], minimumChange: number): Promise<readonly number[]> {
    await session.createTable('given', {
      rowCount: customers.length,
      columns: {
        customer_row: Int32Array.from(customers.keys()),
        cluster: Int32Array.from(customers, ({ cluster }) => cluster),
        next_cluster: Int32Array.from(customers, ({ next }) => next),
        previous: Int32Array.from(customers, ({ previous }) => previous),
        confidence: Float64Array.from(customers, ({ gain }) => gain),
      },
    })
    const none = [1, 2, 3].map((n) => `NULL::INTEGER AS reason_${n}, NULL::DOUBLE AS pull_${n}`).join(', ')
    await session.execute(
      `CREATE TABLE population AS SELECT *, customer_row::VARCHAR AS customer_id, 1.0::DOUBLE AS distance, 0 AS layer, ${none},
        CASE WHEN previous >= 0 THEN 'shop-' || previous END AS previous_segment_key FROM given`,
    )
    await session.execute(compileKept(minimumChange))
    const clusters = [0, 1, 2].map(() => PLAIN_CLUSTER)
    await session.execute(compileKeep({ layers: ['cluster', KEPT_LAYER], also: [], clusters }))
    const { columns } = await session.columns('SELECT cluster FROM population ORDER BY customer_row')
    for (const table of ['given', 'population', 'kept']) await session.execute(`DROP TABLE ${table}`)
    return [...(columns.cluster as Int32Array)]
  }

  const movedOf = (customers: readonly Placed[], clusters: readonly number[]): number =>
    customers.filter(({ previous }, i) => previous >= 0 && clusters[i] !== previous).length

  it('never moves more customers the larger it is, loses none, and moves nobody but back to where he was', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(placed, { minLength: 1, maxLength: 40 }),
        fc.integer({ min: 1, max: 50 }),
        fc.integer({ min: 1, max: 50 }),
        async (customers, a, b) => {
          const [less, more] = [Math.min(a, b) / 100, Math.max(a, b) / 100]
          const [some, others] = [await keep(customers, less), await keep(customers, more)]
          expect(some).toHaveLength(customers.length)
          expect(movedOf(customers, others)).toBeLessThanOrEqual(movedOf(customers, some))
          expect(movedOf(customers, some)).toBeLessThanOrEqual(
            movedOf(
              customers,
              customers.map(({ cluster }) => cluster),
            ),
          )
          for (const [i, { cluster, previous, next, gain }] of customers.entries()) {
            const isKept = i !== 7 && next === previous && gain <= more
            expect(others[i]).toBe(isKept ? previous : cluster)
          }
        },
      ),
      { numRuns: 40 },
    )
  })
})
