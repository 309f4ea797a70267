import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { ComputeSession } from '../../../src/ports/compute-engine.ts'
import { openSession } from '../engine-session.ts'
import { featuresOf } from './feature-rows.ts'

let session: ComputeSession
let close: () => Promise<void>

beforeAll(async () => {
  ;({ session, close } = await openSession())
})
afterAll(async () => close())
beforeEach(() =>
  session.execute(
    'create or replace table transactions (bucket integer, customer_id varchar, occurred_at timestamp, order_id varchar, amount decimal(18, 4), quantity decimal(18, 4), cost decimal(18, 4), category varchar, channel varchar, is_return boolean)',
  ),
)

/** Customer, days before the as-of, order, amount; then cost, category, channel, quantity. */
type Line = readonly [string, number, string, number, number?, string?, string?, number?]

async function valueOf(config: readonly unknown[], lines: readonly Line[]): Promise<Readonly<Record<string, unknown>>> {
  const values = lines.map(([customer, days, order, amount, cost, category, channel, quantity]) => {
    const texts = [category, channel].map((one) => (one === undefined ? 'null' : `'${one}'`))
    return `(1, '${customer}', timestamp '2026-07-01' - to_days(${days}), '${order}', ${amount}, ${quantity ?? 1}, ${cost ?? 'null'}, ${texts.join(', ')}, ${amount < 0})`
  })
  await session.execute(`insert into transactions values ${values.join(', ')}`)
  const { query } = await featuresOf(session, config, { asOf: '2026-07-01T00:00:00Z', timezone: 'UTC' })
  const [row] = await session.rows(`select * exclude (bucket, customer_id) from (${query})`)
  return row!
}

describe('margins (by hand)', () => {
  const lines: readonly Line[] = [
    ['ann', 9, 'o1', 30, 10, 'a', 'web', 2],
    ['ann', 9, 'o1', 50],
    ['ann', 5, 'r1', -15, 5],
  ]

  it('leave out lines without a cost, and a return takes its margin away', async () => {
    // 30 − 15 of amount, 10 − 5 of cost.
    const row = await valueOf(['grossMargin', 'marginRate'], lines)
    expect(row).toEqual({ grossMargin: 10, marginRate: 10 / 15 })
  })

  it('multiply the cost of a unit by the quantity', async () => {
    // Costs 2 × 10 − 1 × 5.
    expect(await valueOf([{ grossMargin: { costPer: 'unit' } }], lines)).toEqual({ grossMargin: 0 })
  })
})

describe('what customers prefer (by hand)', () => {
  it('is the category with most spend, of equals the one with more lines, then the last by name', async () => {
    const bySpend: readonly Line[] = [
      ['ann', 3, 'o1', 9, 0, 'a'],
      ['ann', 3, 'o1', 5, 0, 'b'],
      ['ann', 2, 'o2', 4, 0, 'b'],
    ]
    expect(await valueOf(['topCategory'], bySpend)).toEqual({ topCategory: 'b' })
    await session.execute('delete from transactions')
    const byName: readonly Line[] = [
      ['ann', 3, 'o1', 9, 0, 'a'],
      ['ann', 3, 'o1', 9, 0, 'z'],
      ['ann', 3, 'r1', -50, 0, 'zz'],
    ]
    expect(await valueOf(['topCategory'], byName)).toEqual({ topCategory: 'z' })
  })

  it('is the channel with most orders, of equals the one with more spend, then the one used last', async () => {
    const bySpend: readonly Line[] = [
      ['ann', 3, 'o1', 5, 0, 'a', 'web'],
      ['ann', 3, 'o1', 5, 0, 'b', 'web'],
      ['ann', 2, 'o2', 9, 0, 'b', 'shop'],
    ]
    expect(await valueOf(['preferredChannel'], bySpend)).toEqual({ preferredChannel: 'web' })
    const last: readonly Line[] = [['ann', 1, 'o3', 1, 0, 'b', 'shop']]
    expect(await valueOf(['preferredChannel'], last)).toEqual({ preferredChannel: 'shop' })
  })
})

it('gives back at most what was bought, and null where nothing was', async () => {
  const lines: readonly Line[] = [
    ['ann', 40, 'o1', 80],
    ['ann', 9, 'o2', 20],
    ['ann', 5, 'r1', -30],
  ]
  const config = [{ returnRate: [{}, { window: '30 days' }, { window: '7 days' }] }]
  expect(await valueOf(config, lines)).toEqual({ returnRate: 0.3, returnRate_30_days: 1, returnRate_7_days: null })
})

describe('the lifecycle stage', () => {
  it.each([
    ['new', 'one purchase within 90 days', [90]],
    ['active', 'one purchase, longer ago, but not yet 1.5 × 90 days', [135]],
    ['at_risk', 'one purchase more than 1.5 × 90 days ago', [136]],
    ['lapsed', 'one purchase more than 3 × 90 days ago', [271]],
    ['active', 'a rhythm of 20 days, the last purchase 30 days ago', [130, 110, 90, 70, 50, 30]],
    ['at_risk', 'a rhythm of 20 days, the last purchase 31 days ago', [131, 111, 91, 71, 51, 31]],
    ['lapsed', 'a rhythm of 20 days, the last purchase 61 days ago', [121, 101, 81, 61]],
    ['returned', 'a pause of more than 3 × the rhythm before it', [200, 190, 180, 149, 1]],
    ['returned', 'a second purchase after more than 3 × 90 days', [300, 2]],
    ['new', 'a rhythm within 90 days', [40, 20, 1]],
    ['new', 'purchases on three days in a row, which count as a rhythm of seven days', [12, 11, 10]],
    ['active', 'a rhythm of 15 days over more than 90', [100, 85, 70, 55, 40, 25, 10]],
  ])('is %s with %s', async (stage, _, days) => {
    const lines = days.map((ago, index): Line => ['ann', ago, `o${index}`, 1])
    expect(await valueOf(['lifecycleStage'], lines)).toEqual({ lifecycleStage: stage })
  })

  it('assumes the typical gap that the pipeline gives', async () => {
    const config = [{ lifecycleStage: { typicalGap: 10 } }]
    expect(await valueOf(config, [['ann', 31, 'o1', 1]])).toEqual({ lifecycleStage: 'lapsed' })
  })
})
