import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ExtractBench, linesOf, withSources } from './extract-bench.ts'

let bench: ExtractBench
beforeAll(async () => {
  bench = await ExtractBench.open()
})
afterAll(() => bench.close())

const { columns } = linesOf
const csv = (...given: Parameters<ExtractBench['csv']>) => bench.csv(...given)

describe('extract of several roles', () => {
  it('writes a file of rows for each data role, with the types of its columns', async () => {
    const tickets = bench.file('tickets.csv', [
      'who,when,no,about,bad,stars,open_days',
      'ann,2026-03-01 10:00,T1,delivery,yes,2,3',
      'bob,2026-03-02 10:00:00,T2,refund,No,4.5,x',
      'cid,2026-12-02 10:00:00,T3,refund,no,1,1',
    ])
    const { ref, counts } = await bench.run(
      withSources(
        csv(['ann,2026-01-01,1,1,1']),
        {
          support: {
            from: tickets,
            columns: {
              customer_id: 'who',
              occurred_at: 'when',
              ticket_id: 'no',
              topic: 'about',
              is_complaint: 'bad',
              satisfaction: 'stars',
              open_days: { column: 'open_days', type: 'integer' },
            },
          },
        },
        { transactions: 'lines', tickets: 'support' },
      ),
    )
    expect(await bench.query(ref, 'SELECT * EXCLUDE (bucket) FROM raw ORDER BY ticket_id', 'tickets')).toEqual([
      {
        customer_id: 'ann',
        occurred_at: '2026-03-01 10:00:00',
        ticket_id: 'T1',
        topic: 'delivery',
        is_complaint: true,
        satisfaction: 2,
        open_days: 3,
        source_name: 'support',
        type_faults: null,
      },
      {
        customer_id: 'bob',
        occurred_at: '2026-03-02 10:00:00',
        ticket_id: 'T2',
        topic: 'refund',
        is_complaint: false,
        satisfaction: 4.5,
        open_days: null,
        source_name: 'support',
        type_faults: "open_days='x'",
      },
    ])
    expect(counts).toMatchObject({ rowsIn: 1, rowsOut: 1 })
  })

  it('unites the sources of a role by canonical name; what one does not map is NULL there', async () => {
    const shop = bench.file('shop.csv', ['id,day,no,total,till', 'ann,2026-02-01,S1,7,3', 'bob,2026-02-02,S2,8,4'])
    const given = withSources(
      csv(['ann,2026-01-01,1,2,3'], { columns: { ...columns, quantity: 'quantity' } }),
      {
        stores: {
          from: shop,
          columns: { customer_id: 'id', occurred_at: 'day', order_id: 'no', amount: 'total', till: 'till' },
        },
      },
      { transactions: ['lines', 'stores'] },
    )
    const { ref, counts } = await bench.run(given)
    expect(await bench.query(ref, 'SELECT * EXCLUDE (bucket, occurred_at) FROM raw ORDER BY order_id')).toEqual([
      {
        customer_id: 'ann',
        order_id: '1',
        amount: 6,
        quantity: 2,
        till: null,
        source_name: 'lines',
        type_faults: null,
      },
      {
        customer_id: 'ann',
        order_id: 'S1',
        amount: 7,
        quantity: null,
        till: '3',
        source_name: 'stores',
        type_faults: null,
      },
      {
        customer_id: 'bob',
        order_id: 'S2',
        amount: 8,
        quantity: null,
        till: '4',
        source_name: 'stores',
        type_faults: null,
      },
    ])
    expect(counts).toMatchObject({ rowsIn: 3, rowsOut: 3 })
    const reversed = await bench.run({ ...given, extract: { transactions: ['stores', 'lines'], shards: 3 } })
    expect(reversed.ref.contentDigest).toBe(ref.contentDigest)
  })

  it('works without transactions: customers are the rows then', async () => {
    const people = bench.file('people.csv', ['id,born,income', 'ann,1990-05-01,1000', 'bob,1.2.1980,x'])
    const { ref, counts } = await bench.run({
      sources: { people: { from: people, columns: { customer_id: 'id', birth_date: 'born', income: 'income' } } },
      extract: { customers: 'people' },
    })
    expect(await bench.query(ref, 'SELECT * EXCLUDE (bucket) FROM raw ORDER BY customer_id')).toEqual([
      { customer_id: 'ann', birth_date: '1990-05-01', income: 1000, source_name: 'people', type_faults: null },
      {
        customer_id: 'bob',
        birth_date: null,
        income: null,
        source_name: 'people',
        type_faults: "birth_date='1.2.1980'; income='x'",
      },
    ])
    expect(counts).toMatchObject({ rowsIn: 2, rowsOut: 2 })
    expect((await bench.manifest(ref)).summary.sources).toMatchObject([{ role: 'customers', lookAhead: true }])
  })

  it('reads numbers, dates and missing values as the file writes them, and refuses those written otherwise', async () => {
    const from = {
      ...bench.file('comma.csv', [
        'customer;at;order;price;qty',
        'ann;31.12.2025 08:00;1;1.234,50;1.000',
        'bob;01.02.2026 09:30;2;12,5;n/a',
        'cid;2026-02-01;3;12.5;10.00',
        '?;03.02.2026 10:00;4;-1.000.000,25;7',
      ]),
      csv: {
        delimiter: ';',
        decimal: ',' as const,
        thousands: '.' as const,
        nulls: ['n/a', '?'],
        timestampFormat: '%d.%m.%Y %H:%M',
      },
    }
    const { ref } = await bench.run({
      sources: {
        lines: {
          from,
          columns: {
            customer_id: 'customer',
            occurred_at: 'at',
            order_id: 'order',
            amount: { sql: 'price * 2' },
            quantity: 'qty',
          },
          types: { price: 'decimal' },
          timezone: 'Europe/Berlin',
        },
      },
    })
    expect(await bench.query(ref, 'SELECT * EXCLUDE (bucket, source_name) FROM raw ORDER BY order_id')).toEqual([
      {
        customer_id: 'ann',
        occurred_at: '2025-12-31 07:00:00',
        order_id: '1',
        amount: 2469,
        quantity: 1000,
        type_faults: null,
      },
      {
        customer_id: 'bob',
        occurred_at: '2026-02-01 08:30:00',
        order_id: '2',
        amount: 25,
        quantity: null,
        type_faults: null,
      },
      {
        customer_id: 'cid',
        occurred_at: null,
        order_id: '3',
        amount: null,
        quantity: null,
        type_faults: "price='12.5'; occurred_at='2026-02-01'; quantity='10.00'",
      },
      {
        customer_id: null,
        occurred_at: '2026-02-03 09:00:00',
        order_id: '4',
        amount: -2000000.5,
        quantity: 7,
        type_faults: null,
      },
    ])
  })
})
