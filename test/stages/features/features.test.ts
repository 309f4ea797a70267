import fc from 'fast-check'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { ComputeSession } from '../../../src/ports/compute-engine.ts'
import { openSession } from '../engine-session.ts'
import { featuresOf } from './feature-rows.ts'

const featureNames = [
  'recency',
  'frequency',
  'monetary',
  'averageOrderValue',
  'gapMean',
  'gapDeviation',
  'tenure',
  'distinctProducts',
  'distinctCategories',
  'trend',
]

let session: ComputeSession
let close: () => Promise<void>
const utc = { asOf: '2026-01-31T00:00:00Z', timezone: 'UTC' }

beforeAll(async () => {
  ;({ session, close } = await openSession())
})
afterAll(async () => close())
beforeEach(() =>
  session.execute(
    'create or replace table transactions (bucket integer, customer_id varchar, occurred_at timestamp, order_id varchar, amount decimal(18, 4), product varchar, category varchar, is_return boolean)',
  ),
)

/** Customer, day of January 2026 (or an ISO date), order, amount, product; below 0 is a return. */
type Line = readonly [string, number | string, string, number, string?]

async function insert(lines: readonly Line[]): Promise<void> {
  const values = lines.map(([customer, day, order, amount, product]) => {
    const date = typeof day === 'number' ? `2026-01-${String(day).padStart(2, '0')}` : day
    return `(1, '${customer}', '${date}', '${order}', ${amount}, '${product ?? 'p'}', 'c', ${amount < 0})`
  })
  await session.execute(`insert into transactions values ${values.join(', ')}`)
}

async function rowsOf(config: readonly unknown[]): Promise<readonly Readonly<Record<string, unknown>>[]> {
  const { query, orderBy } = await featuresOf(session, config, utc)
  return session.rows(`select * exclude (bucket) from (${query}) order by ${orderBy}`)
}

describe('features', () => {
  it('follow their definitions (computed by hand)', async () => {
    await insert([
      ['ann', 1, 'o1', 10, 'a'],
      ['ann', 2, 'o1', 5.5, 'b'],
      ['ann', 11, 'o2', 20, 'a'],
      ['ann', 12, 'r1', -3.25, 'z'],
      ['ann', 26, 'o3', 4, 'c'],
    ])
    // Orders on the 1st (15.50), 11th (20), 26th (4). Gaps 10 and 15: mean 12.5, sample deviation √12.5. All within the last 90 days.
    expect(await rowsOf(featureNames)).toEqual([
      {
        customer_id: 'ann',
        recency: 5,
        frequency: 3,
        monetary: 36.25,
        averageOrderValue: 39.5 / 3,
        gapMean: 12.5,
        gapDeviation: expect.closeTo(Math.sqrt(12.5), 12) as number,
        tenure: 30,
        distinctProducts: 3,
        distinctCategories: 1,
        trend: 36.25,
      },
    ])
  })

  it('know no gap after one order, no deviation after one gap, and take orders of the same instant for one purchase', async () => {
    await insert([
      ['one', 1, 'o1', 1],
      ['two', 1, 'o2', 1],
      ['two', 3, 'o3', 1],
      ['twins', 1, 'o4', 1],
      ['twins', 1, 'o5', 1],
    ])
    expect(await rowsOf(['frequency', 'gapMean', 'gapDeviation'])).toEqual([
      { customer_id: 'one', frequency: 1, gapMean: null, gapDeviation: null },
      { customer_id: 'twins', frequency: 2, gapMean: null, gapDeviation: null },
      { customer_id: 'two', frequency: 2, gapMean: 2, gapDeviation: null },
    ])
  })

  it('give no row to a customer with nothing but returns, and count them', async () => {
    await insert([
      ['ann', 1, 'o1', 1],
      ['bob', 1, 'r1', -1],
    ])
    const { counts } = await featuresOf(session, ['frequency'], utc)
    expect(await session.rows(counts)).toMatchObject([{ customers: 1, customers_without_order: 1 }])
    expect(await rowsOf(['frequency'])).toEqual([{ customer_id: 'ann', frequency: 1 }])
  })

  it('look only at their window, and still know the customer who bought before it', async () => {
    await insert([
      ['ann', '2025-11-01', 'o1', 7],
      ['bob', '2025-11-01', 'o2', 8],
      ['bob', 21, 'o3', 2],
      ['bob', 26, 'o4', 4],
      ['bob', 27, 'r1', -1],
    ])
    const windowed = ['recency', 'frequency', 'monetary', 'averageOrderValue', 'gapMean', 'distinctProducts']
    expect(await rowsOf(windowed.map((name) => ({ [name]: { window: '30 days' } })))).toEqual([
      {
        customer_id: 'ann',
        recency: 30,
        frequency: 0,
        monetary: 0,
        averageOrderValue: null,
        gapMean: null,
        distinctProducts: 0,
      },
      {
        customer_id: 'bob',
        recency: 5,
        frequency: 2,
        monetary: 5,
        averageOrderValue: 3,
        gapMean: 5,
        distinctProducts: 1,
      },
    ])
  })

  it('compare the last 90 days with the 90 before, in money', async () => {
    await insert([
      ['ann', '2025-11-02 00:00', 'o1', 10],
      ['ann', '2025-11-01 23:59', 'o2', 4],
      ['ann', '2025-08-04 00:00', 'o3', 2],
      ['ann', '2025-08-03 23:59', 'o4', 100],
    ])
    // 31 January less 90 days is 2 November, less 180 is 4 August: 10 − (4 + 2).
    expect(await rowsOf(['trend'])).toEqual([{ customer_id: 'ann', trend: 4 }])
  })

  it('tell customers apart who share an order number', async () => {
    await insert([
      ['ann', 1, 'o1', 1],
      ['bob', 2, 'o1', 3],
    ])
    expect(await rowsOf(['averageOrderValue', 'recency'])).toEqual([
      { customer_id: 'ann', averageOrderValue: 1, recency: 30 },
      { customer_id: 'bob', averageOrderValue: 3, recency: 29 },
    ])
  })

  it('are the same to the last bit for any order of rows', async () => {
    const line = fc.tuple(
      fc.constantFrom('ann', 'bob'),
      fc.integer({ min: 1, max: 30 }),
      fc.constantFrom('o1', 'o2', 'o3', 'o4'),
      fc.constantFrom(0.1, 0.2, 1234.5678, -0.3),
      fc.constantFrom('a', 'b'),
    )
    const shuffled = fc
      .array(line, { minLength: 2, maxLength: 15 })
      .chain((lines) => fc.tuple(fc.constant(lines), fc.shuffledSubarray(lines, { minLength: lines.length })))
    await fc.assert(
      fc.asyncProperty(shuffled, async ([lines, permuted]) => {
        await session.execute('delete from transactions')
        await insert(lines)
        const first = await rowsOf(featureNames)
        await session.execute('delete from transactions')
        await insert(permuted)
        expect(await rowsOf(featureNames)).toEqual(first)
      }),
      { numRuns: 25, seed: 3 },
    )
  }, 60_000)
})
