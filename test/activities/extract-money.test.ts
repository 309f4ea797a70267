import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ExtractBench, withSources, type ExtractCase } from './extract-bench.ts'

let bench: ExtractBench
beforeAll(async () => {
  bench = await ExtractBench.open()
})
afterAll(() => bench.close())

const csv = (...given: Parameters<ExtractBench['csv']>) => bench.csv(...given)
type Sources = ExtractCase['sources']

describe('money of several currencies', () => {
  const foreign = (rates: readonly string[]): Sources => ({
    abroad: {
      from: bench.file(`abroad-${rates.length}.csv`, [
        'id,day,no,total,ccy',
        'ann,2026-01-10 12:00:00,A1,100,usd',
        'ann,2026-02-10 12:00:00,A2,100,USD',
        'bob,2026-02-10 12:00:00,A3,100,EUR',
        'bob,2026-12-10 12:00:00,A4,100,CHF',
        'bob,never,A5,100,USD',
      ]),
      columns: { customer_id: 'id', occurred_at: 'day', order_id: 'no', amount: 'total', currency: 'ccy' },
    },
    ecb: {
      from: bench.file(`rates-${rates.length}.csv`, ['ccy,day,rate', ...rates]),
      columns: { currency: 'ccy', occurred_at: 'day', rate: 'rate' },
    },
  })
  const extract = { transactions: ['lines', 'abroad'], rates: 'ecb', currency: 'EUR' }

  it('is converted at the latest rate at or before the row', async () => {
    const rates = ['USD,2026-01-01,0.91234567', 'USD,2026-02-10 12:00:00,0.8', 'USD,2026-02-11,0.1', 'USD,2026-11-01,9']
    const { ref } = await bench.run(withSources(csv(['ann,2026-01-01,1,1,5']), foreign(rates), extract))
    expect(await bench.query(ref, 'SELECT order_id, amount FROM raw ORDER BY order_id')).toEqual([
      { order_id: '1', amount: 5 },
      // 100 · 0.91234567, rounded to four decimals.
      { order_id: 'A1', amount: 91.2346 },
      { order_id: 'A2', amount: 80 },
      { order_id: 'A3', amount: 100 },
      { order_id: 'A5', amount: null },
    ])
    expect(await bench.query(ref, "SELECT count(*) AS n FROM (DESCRIBE raw) WHERE column_name = 'currency'")).toEqual([
      { n: 0 },
    ])
    expect((await bench.manifest(ref)).summary).toMatchObject({ currency: 'EUR' })
  })

  it('is refused without a rate at the time, with two rates, or without rates at all', async () => {
    const late = await bench.failure(
      withSources(csv([]), foreign(['USD,2026-02-01,1', 'X,2026-01-01,1', 'Y,2026-01-01,1']), extract),
    )
    expect(late.message).toContain('USD (1 rows, the first at 2026-01-10 12:00:00 UTC)')
    const two = await bench.failure(withSources(csv([]), foreign(['USD,2026-01-01,1', 'USD,2026-01-01,2']), extract))
    expect(two.message).toContain(
      'different rates of the same instant for 1 pairs of currency and instant, such as USD',
    )
    const { rates: _, ...none } = extract
    const without = await bench.failure(withSources(csv([]), foreign(['USD,2026-01-01,1']), none))
    expect(without).toMatchObject({ type: 'SourceContradicts' })
    expect(without.message).toContain('is in EUR, USD, the pipeline counts in EUR, and there are no rates')
    const undecided = await bench.failure(
      withSources(csv([]), foreign(['USD,2026-01-01,1']), { transactions: 'abroad' }),
    )
    expect(undecided.message).toContain('nothing says which of them the pipeline counts in')
  })

  it('needs no rates where all sources have the same', async () => {
    const given = csv(['ann,2026-01-01,1,1,5'], { currency: 'GBP' })
    const { ref } = await bench.run(given)
    expect((await bench.manifest(ref)).summary).toMatchObject({ currency: 'GBP' })
  })
})
