import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ExtractBench } from './extract-bench.ts'

let bench: ExtractBench
beforeAll(async () => {
  bench = await ExtractBench.open()
})
afterAll(() => bench.close())

describe('order, parts and threads', () => {
  it('change neither content nor what was read, with every kind of source together', async () => {
    const days = Array.from({ length: 300 }, (_, row) => String((row % 28) + 1).padStart(2, '0'))
    const shop = days.map(
      (day, row) =>
        `c${row % 41},2026-03-${day} 10:00:00,o${row},${row}.25,${['EUR', 'USD'][row % 2]},p${row % 9},2026-04-${day}`,
    )
    const crm = days.map((day, row) => `c${row % 41},L${row % 5},2026-05-${day}`)
    const ids = Array.from({ length: 20 }, (_, row) => `c${row},c${row + 1}`)
    const consent = Array.from({ length: 41 }, (_, row) => `c${row},${row % 4 === 0 ? 'no' : 'yes'}`)
    const shuffle = (rows: readonly string[]) => rows.map((_, row) => rows[(row * 211) % rows.length]!)
    let part = 0
    const files = (header: string, rows: readonly string[], count: number) =>
      Array.from({ length: count }, (_, index) =>
        bench.file(`part-${part++}.csv`, [header, ...rows.filter((_, row) => row % count === index)]),
      )
    const run = async (
      order: (rows: readonly string[]) => readonly string[],
      count: number,
      shards: number,
      threads: number,
    ) => {
      const { ref, counts } = await bench.run({
        threads,
        extract: {
          transactions: 'shop',
          customers: 'crm',
          identities: 'ids',
          consent: 'yes',
          rates: 'fx',
          currency: 'EUR',
          shards,
        },
        sources: {
          shop: {
            from: files('id,day,no,total,ccy,sku,seen', order(shop), count),
            columns: {
              customer_id: 'id',
              occurred_at: 'day',
              order_id: 'no',
              amount: 'total',
              currency: 'ccy',
              product: 'sku',
            },
            recordedAt: 'seen',
            key: ['order_id'],
            lookups: [{ source: 'goods', on: 'product', columns: ['category'] }],
          },
          goods: {
            from: files('sku,kind', order(Array.from({ length: 8 }, (_, row) => `p${row},k${row % 3}`)), 1),
            columns: { product: 'sku', category: 'kind' },
          },
          crm: {
            from: files('id,land,seen', order(crm), count),
            columns: { customer_id: 'id', country: 'land' },
            recordedAt: 'seen',
            key: ['customer_id'],
          },
          ids: { from: files('old,new', order(ids), count), columns: { other_id: 'old', customer_id: 'new' } },
          yes: { from: files('id,ok', order(consent), count), columns: { customer_id: 'id', granted: 'ok' } },
          fx: {
            from: files('ccy,day,rate', order(['USD,2026-01-01,0.9', 'USD,2026-03-15,0.8']), 1),
            columns: { currency: 'ccy', occurred_at: 'day', rate: 'rate' },
          },
        },
      })
      const { summary } = await bench.manifest(ref)
      return {
        digest: ref.contentDigest,
        rows: ref.rowCount,
        inputHash: counts.inputHash,
        excluded: summary.excluded,
        merged: summary.merged,
        sources: summary.sources,
      }
    }
    const plain = await run((rows) => rows, 1, 1, 2)
    expect(plain.rows).toBeGreaterThan(0)
    expect(await run(shuffle, 3, 5, 1)).toEqual(plain)
    expect(await run((rows) => rows.toReversed(), 2, 2, 2)).toEqual(plain)
  }, 60_000)
})
