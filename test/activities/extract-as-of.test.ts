import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ExtractBench, linesOf, type ExtractCase } from './extract-bench.ts'

let bench: ExtractBench
let files = 0
beforeAll(async () => {
  bench = await ExtractBench.open()
})
afterAll(() => bench.close())

const file = (...lines: readonly string[]) => bench.file(`as-of-${files++}.csv`, lines)
const people = (from: { readonly file: string }, source: Partial<ExtractCase['sources'][string]>): ExtractCase => ({
  sources: { people: { from, columns: { customer_id: 'id', country: 'country' }, ...source } },
  extract: { customers: 'people' },
  asOf: '2026-10-01T00:00:00Z',
})
const countries = async (given: ExtractCase) => {
  const { ref } = await bench.run(given)
  const { summary } = await bench.manifest(ref)
  return {
    rows: await bench.query(ref, 'SELECT customer_id, country FROM raw ORDER BY customer_id, country'),
    source: (summary.sources as readonly Record<string, unknown>[])[0],
  }
}

describe('rows as they were known at the as-of', () => {
  it('are those recorded before it; of several versions of a row the last', async () => {
    const from = file(
      'id,country,at',
      'ann,DE,2026-01-01',
      'ann,FR,2026-06-01',
      'ann,US,2026-10-01',
      'bob,AT,',
      'bob,CH,2026-02-01',
      'cid,IT,2026-11-01',
      ',XX,2026-01-01',
      ',YY,2026-01-01',
    )
    expect(await countries(people(from, { recordedAt: 'at', key: ['customer_id'] }))).toMatchObject({
      rows: [
        { customer_id: 'ann', country: 'FR' },
        { customer_id: 'bob', country: 'CH' },
        { customer_id: null, country: 'XX' },
        { customer_id: null, country: 'YY' },
      ],
      source: { rowsRead: 8, rowsBeforeAsOf: 8, notYetRecorded: 2, superseded: 2, notValid: 0, lookAhead: false },
    })
  })

  it('are those true just before it, whatever became true later', async () => {
    const from = file(
      'id,country,from,to',
      'ann,DE,2025-01-01,2026-10-01',
      'ann,FR,2026-10-01,',
      'bob,AT,2025-01-01,2026-09-30',
      'bob,CH,2026-09-30,infinity',
      'cid,IT,,',
    )
    const { rows, source } = await countries(people(from, { validity: { from: 'from', to: 'to' } }))
    expect(rows).toEqual([
      { customer_id: 'ann', country: 'DE' },
      { customer_id: 'bob', country: 'CH' },
      { customer_id: 'cid', country: 'IT' },
    ])
    expect(source).toMatchObject({ notValid: 2, lookAhead: false })
  })

  it('say when they are not: attributes without either are those of today', async () => {
    const { source } = await countries(people(file('id,country', 'ann,DE'), {}))
    expect(source).toMatchObject({ lookAhead: true })
  })

  it('do not change when rows at or after the as-of are added, changed or removed', async () => {
    const header = 'customer,at,order,quantity,price,seen'
    const early = Array.from({ length: 60 }, (_, row) => {
      const day = String((row % 28) + 1).padStart(2, '0')
      return `c${row % 7},2026-09-${day},o${row},1,${row},2026-09-${day}`
    })
    // At the as-of, after it, known only after it, and a later version of an early row.
    const late = [
      'c1,2026-10-01,n1,1,5,2026-10-01',
      'c2,2026-12-01,n2,1,5,2026-09-01',
      'c3,2026-09-01,o3,9,9,2026-10-01',
      'new,2026-09-01,n4,1,1,2026-10-02',
    ]
    const run = (rows: readonly string[], shards: number) =>
      bench.run({
        sources: {
          lines: { from: file(header, ...rows), ...linesOf, recordedAt: 'seen', key: ['order_id'] },
        },
        extract: { transactions: 'lines', shards },
      })
    const without = await run(early, 1)
    const appended = await run([...late, ...early.toReversed()], 3)
    const changed = await run([...early, ...late.map((row) => row.replace(/,1,/, ',7,'))], 1)
    for (const { ref, counts } of [appended, changed]) {
      expect(ref.contentDigest).toBe(without.ref.contentDigest)
      expect(counts.inputHash).toBe(without.counts.inputHash)
    }
    const other = await run([...early, 'c1,2026-09-01,more,1,1,2026-09-01'], 1)
    expect(other.counts.inputHash).not.toBe(without.counts.inputHash)
  })
})

describe('columns looked up in another source', () => {
  const goods = (...lines: readonly string[]) => ({
    from: file('sku,kind,cost', ...lines),
    columns: { product: 'sku', category: 'kind', cost: 'cost' },
  })
  const given = (products: ReturnType<typeof goods>): ExtractCase => ({
    sources: {
      lines: {
        from: file(
          'customer,at,order,price,sku,kind',
          'ann,2026-01-01,1,9,p1,',
          'ann,2026-01-02,2,9,p2,own',
          'bob,2026-01-03,3,9,gone,',
          'bob,2026-01-04,4,9,,',
        ),
        columns: {
          customer_id: 'customer',
          occurred_at: 'at',
          order_id: 'order',
          amount: 'price',
          product: 'sku',
          category: 'kind',
        },
        lookups: [{ source: 'products', on: 'product', columns: ['category', 'cost'] }],
      },
      products,
    },
    extract: { transactions: 'lines' },
  })

  it('fill what the row has not; a value of its own wins, and what finds nothing is counted', async () => {
    const { ref } = await bench.run(given(goods('p1,tea,2.5', 'p2,cups,x', 'p9,tea,1', 'p1,tea,2.5')))
    expect(await bench.query(ref, 'SELECT order_id, category, cost, type_faults FROM raw ORDER BY order_id')).toEqual([
      { order_id: '1', category: 'tea', cost: 2.5, type_faults: null },
      { order_id: '2', category: 'own', cost: null, type_faults: "cost='x'" },
      { order_id: '3', category: null, cost: null, type_faults: null },
      { order_id: '4', category: null, cost: null, type_faults: null },
    ])
    expect((await bench.manifest(ref)).summary.sources).toMatchObject([
      { lookups: [{ source: 'products', unmatched: 1 }] },
    ])
  })

  it('are refused where two rows say different things', async () => {
    const failure = await bench.failure(given(goods('p1,tea,2.5', 'p1,coffee,2.5', 'p2,cups,1')))
    expect(failure).toMatchObject({ type: 'SourceContradicts' })
    expect(failure.message).toContain('Source products has several rows for 1 values of product')
  })

  it('may bring the instant and the customer: lines find them in their orders', async () => {
    const orders = file('no,who,day', 'o1,ann,2026-01-01', 'o2,bob,2026-11-01', 'o3,cid,2026-09-30')
    const { ref, counts } = await bench.run({
      sources: {
        details: {
          from: file('no,total', 'o1,1', 'o1,2', 'o2,3', 'o3,4'),
          columns: { order_id: 'no', amount: 'total' },
          lookups: [{ source: 'orders', on: 'order_id', columns: ['customer_id', 'occurred_at'] }],
        },
        orders: { from: orders, columns: { order_id: 'no', customer_id: 'who', occurred_at: 'day' } },
      },
      extract: { transactions: 'details' },
    })
    expect(counts).toMatchObject({ rowsIn: 4, rowsOut: 3 })
    expect(await bench.query(ref, 'SELECT customer_id, amount FROM raw ORDER BY amount')).toEqual([
      { customer_id: 'ann', amount: 1 },
      { customer_id: 'ann', amount: 2 },
      { customer_id: 'cid', amount: 4 },
    ])
  })
})
