import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ComputeSession } from '../../../src/ports/compute-engine.ts'
import { openSession } from '../engine-session.ts'
import { cleanseRows, ruleOf } from './cleanse-rows.ts'
import { hasOnlineRetail, onlineRetailFile, onlineRetailRaw } from './online-retail.ts'

const cancellations = { rule: 'cancellations', when: { sql: "order_id like 'C%'" }, do: 'drop' }
const positive = [
  { rule: 'range', column: 'quantity', above: 0, do: 'drop' },
  { rule: 'range', column: 'unit_price', above: 0, do: 'drop' },
]
const returnFigures =
  'select count(*) filter (where is_return) as returns, count(*) filter (where amount < 0) as negative, cast(sum(amount) as varchar) as money'
const cleanFigures =
  'select count(*) as lines, count(distinct customer_id) as customers, count(distinct order_id) as orders, cast(sum(amount) as varchar) as money'

// Expected values: the published ones, and those computed with pandas, both in the data's own README.
describe.skipIf(!hasOnlineRetail)('cleansing UCI Online Retail', () => {
  let session: ComputeSession
  let close: () => Promise<void>

  beforeAll(async () => {
    ;({ session, close } = await openSession([onlineRetailFile]))
    await session.execute(`create table raw as ${onlineRetailRaw}`)
  }, 60_000)
  afterAll(async () => close())

  it('counts what others published of it: rows, missing customers, cancellations, duplicates', async () => {
    const { counts } = await cleanseRows(session, [{ rule: 'duplicates' }, cancellations, ...positive])
    expect(counts.rowsIn).toBe(541_909)
    expect(ruleOf(counts, 'required').matched).toBe(135_080)
    expect(ruleOf(counts, 'cancellations').matched).toBe(9_288)
    expect(ruleOf(counts, 'duplicates').matched).toBe(5_268)
    expect(ruleOf(counts, 'range(quantity)').matched).toBe(10_624)
    expect(ruleOf(counts, 'range(unit_price)').matched).toBe(2_515 + 2)
  })

  it('leaves the clean set: 397,884 lines, 4,338 customers, 8,911,407.904 GBP to the last digit', async () => {
    const { compiled, counts } = await cleanseRows(session, [cancellations, ...positive])
    expect(await session.rows(`${cleanFigures} from (${compiled.clean.query})`)).toEqual([
      { lines: 397_884, customers: 4_338, orders: 18_532, money: '8911407.9040' },
    ])
    expect(counts).toMatchObject({ rowsOut: 397_884, customers: 4_338, rejected: 541_909 - 397_884 })
  })

  it('leaves 392,692 lines and 8,887,208.894 GBP when duplicates are dropped too', async () => {
    const { compiled } = await cleanseRows(session, [{ rule: 'duplicates' }, cancellations, ...positive])
    expect(await session.rows(`${cleanFigures} from (${compiled.clean.query})`)).toMatchObject([
      { lines: 392_692, customers: 4_338, money: '8887208.8940' },
    ])
  })

  it('keeps cancellations as returns, so that they reduce what a customer spent', async () => {
    const { compiled } = await cleanseRows(session, [
      { ...cancellations, do: 'keep' },
      { rule: 'range', column: 'amount', above: 0, do: 'quarantine' },
    ])
    // 8,905 of the 9,288 have a customer: awk -F, over the file; the sum is that of all rows with a customer.
    expect(await session.rows(`${returnFigures} from (${compiled.clean.query})`)).toEqual([
      { returns: 8_905, negative: 8_905, money: '8300065.8140' },
    ])
  })

  it('nets cancellations against the purchase of the same customer and product, and changes no sum', async () => {
    const { compiled, counts } = await cleanseRows(session, [
      { ...cancellations, do: 'net' },
      { rule: 'range', column: 'amount', above: 0, do: 'quarantine' },
    ])
    // By a Python program that goes through the file line by line: 7,442 returns find one of 7,194 purchases, 461,516.88 GBP in all.
    expect(
      counts.rules.filter(({ name }) => /returns|cancel/.test(name)).map(({ matched, fixed }) => [matched, fixed]),
    ).toEqual([
      [9_288, 7_442],
      [1_463, 0],
    ])
    expect(
      await session.rows('select count(*) as purchases, cast(sum(__moved_amount) as varchar) as money from moved'),
    ).toEqual([{ purchases: 7_194, money: '461516.8800' }])
    expect(await session.rows(`${returnFigures} from (${compiled.clean.query})`)).toEqual([
      { returns: 8_905, negative: 1_463, money: '8300065.8140' },
    ])
  })

  it('finds the eight customers with two countries', async () => {
    const { compiled } = await cleanseRows(session, [{ rule: 'inconsistent', column: 'country', do: 'fix' }])
    expect(
      await session.rows(
        `select count(distinct customer_id) as customers from (${compiled.fixes.join(' union all ')})`,
      ),
    ).toEqual([{ customers: 8 }])
  })
})
