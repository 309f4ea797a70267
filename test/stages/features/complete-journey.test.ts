import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ComputeSession } from '../../../src/ports/compute-engine.ts'
import { peerColumns } from '../../../src/stages/features/catalogue/entry.ts'
import { fitPeers, gapToPeers } from '../../../src/stages/features/peer-gap.ts'
import { openSession } from '../engine-session.ts'
import { featuresOf } from './feature-rows.ts'

type Value = number | string | null
interface Oracle {
  readonly customers: number
  readonly levels: Readonly<Record<'categoryShares' | 'channelShares', readonly string[]>>
  readonly shown: Readonly<Record<string, Readonly<Record<string, Value>>>>
  readonly nulls: Readonly<Record<string, number>>
  readonly sums: Readonly<Record<string, number>>
  readonly counts: Readonly<Record<string, Readonly<Record<string, number>>>>
}

const folder = resolve(import.meta.dirname, '../../../../shared/data/complete_journey')
const isThere = existsSync(folder)
if (!isThere) console.warn(`Tests on real data are skipped: ${folder} is not there.`)
// Made by complete-journey.py beside it, which says how: pandas 3.1.1, nothing of ours.
const oracle = JSON.parse(readFileSync(join(import.meta.dirname, 'complete-journey.json'), 'utf8')) as Oracle

const newYork = { asOf: '2017-10-01T04:00:00Z', timezone: 'America/New_York' }
const config = [
  ...['recency', 'tenure', 'averageOrderValue', 'gapMean', 'gapDeviation', 'gapRegularity', 'trend'],
  ...['seasonality', 'seasonShares', 'discountShare', 'topCategory', 'preferredChannel', 'linesPerOrder'],
  ...[
    'unitsPerOrder',
    'distinctProducts',
    'distinctCategories',
    'returnRate',
    'lifecycleStage',
    'frequency',
    'monetary',
  ],
  { frequency: { window: '90 days' } },
  { monetary: { window: '3 months' } },
  { categoryShares: { levels: oracle.levels.categoryShares } },
  { channelShares: { levels: oracle.levels.channelShares } },
  { potentialValue: [{}, { window: '3 months', minPeers: 20 }] },
]

/** Fits the benchmarks over all households and takes their gaps: null where there is no category. */
function gapsIn(rows: readonly Readonly<Record<string, unknown>>[], name: string, minPeers: number): readonly Value[] {
  const { spend, category } = peerColumns(name)
  const spent = Float64Array.from(rows, (row) => Number(row[spend]))
  const categories = rows.map((row) => row[category] as string | null)
  const names = [...new Set(categories.filter((one) => one !== null))]
  const codes = Int32Array.from(categories, (one) => (one === null ? -1 : names.indexOf(one)))
  const gaps = gapToPeers(spent, categories, fitPeers(spent, codes, names, minPeers))
  return Array.from(gaps, (gap) => (Number.isNaN(gap) ? null : gap))
}

const csv = (name: string): string => `read_csv('${join(folder, name)}', all_varchar = true, header = true)`

describe.skipIf(!isThere)('features of the Complete Journey households before October 2017, New York', () => {
  let session: ComputeSession
  let close: () => Promise<void>
  let rows: ReadonlyMap<string, Readonly<Record<string, Value>>>

  beforeAll(async () => {
    ;({ session, close } = await openSession([join(folder, 'products.csv.gz')]))
    await session.execute(`
      create table transactions as
      select cast(md5_number_lower(household_id) % 256 as integer) as bucket, household_id as customer_id,
        cast(cast(transaction_timestamp as timestamptz) as timestamp) as occurred_at, basket_id as order_id,
        cast(sales_value as decimal(18, 4)) as amount, cast(quantity as decimal(18, 4)) as quantity,
        cast(retail_disc as decimal(18, 4)) + cast(coupon_disc as decimal(18, 4)) as discount,
        product_id as product, department as category, store_id as channel, false as is_return
      from ${csv('transactions_sample.csv.gz')} as lines left join ${csv('products.csv.gz')} as products using (product_id)`)
    const { query } = await featuresOf(session, config, newYork)
    const read = await session.rows(`select * exclude (bucket) from (${query})`)
    const gaps = [gapsIn(read, 'potentialValue', 50), gapsIn(read, 'potentialValue_3_months', 20)]
    rows = new Map(
      read.map((row, at) => {
        const [potentialValue, potentialValue_3_months] = [gaps[0]![at] ?? null, gaps[1]![at] ?? null]
        return [String(row.customer_id), { ...(row as Record<string, Value>), potentialValue, potentialValue_3_months }]
      }),
    )
  }, 60_000)
  afterAll(async () => close())

  const columnOf = (name: string): readonly Value[] => [...rows.values()].map((row) => row[name] ?? null)

  it.each(Object.entries(oracle.shown))('are those of pandas for household %s', (household, expected) => {
    const row = rows.get(household)!
    for (const [name, value] of Object.entries(expected))
      if (typeof value === 'number') expect(row[name], name).toBeCloseTo(value, 7)
      else expect(row[name], name).toBe(value)
  })

  it('are those of pandas for all households together', () => {
    expect(rows.size).toBe(oracle.customers)
    for (const [name, nulls] of Object.entries(oracle.nulls))
      expect(columnOf(name).filter((value) => value === null).length, name).toBe(nulls)
    for (const [name, sum] of Object.entries(oracle.sums))
      expect(
        columnOf(name).reduce<number>((total, value) => total + Number(value ?? 0), 0),
        name,
      ).toBeCloseTo(sum, 4)
    for (const [name, counts] of Object.entries(oracle.counts))
      for (const [level, count] of Object.entries(counts))
        expect(columnOf(name).filter((value) => value === level).length, `${name} ${level}`).toBe(count)
  })
})
