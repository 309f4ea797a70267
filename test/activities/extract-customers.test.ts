import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ExtractBench, withSources, type ExtractCase } from './extract-bench.ts'

let bench: ExtractBench
beforeAll(async () => {
  bench = await ExtractBench.open()
})
afterAll(() => bench.close())

const csv = (...given: Parameters<ExtractBench['csv']>) => bench.csv(...given)
type Sources = ExtractCase['sources']

describe('who a row belongs to', () => {
  const lines = [
    'a1,2026-01-01,1,1,1',
    'a2,2026-01-02,2,1,1',
    'a3,2026-01-03,3,1,1',
    'b1,2026-01-04,4,1,1',
    'c1,2026-01-05,5,1,1',
  ]
  const links = (name: string, rows: readonly string[]): Sources => ({
    ids: { from: bench.file(name, ['old,new', ...rows]), columns: { other_id: 'old', customer_id: 'new' } },
  })
  const extract = { transactions: 'lines', identities: 'ids' }

  it('is the end of the chain of its ids, however long', async () => {
    const chain = Array.from({ length: 100 }, (_, index) => `x${index},x${index + 1}`)
    const given = withSources(
      csv([...lines, 'x0,2026-01-06,6,1,1']),
      links('chain.csv', ['a1,a2', 'a2,a3', ...chain, 'a2,a3', 'same,same', ',b1']),
      extract,
    )
    const { ref } = await bench.run(given)
    const all =
      'SELECT customer_id, bucket = CAST(md5_number_lower(customer_id) % 256 AS INTEGER) AS ok FROM raw ORDER BY order_id'
    expect(await bench.query(ref, all)).toEqual(
      ['a3', 'a3', 'a3', 'b1', 'c1', 'x100'].map((customer_id) => ({ customer_id, ok: true })),
    )
    // 100 links of the chain and two of a.
    expect((await bench.manifest(ref)).summary).toMatchObject({ merged: 102 })
  })

  it('is refused where ids lead in a circle, or one id to two customers, without naming them', async () => {
    const circle = await bench.failure(
      withSources(csv(lines), links('circle.csv', ['a1,a2', 'a2,secret', 'secret,a1', 'b1,c1']), extract),
    )
    expect(circle).toMatchObject({ type: 'SourceContradicts', nonRetryable: true })
    expect(circle.message).toContain('3 ids of identities (source ids) lead in a circle')
    expect(circle.message).not.toContain('secret')
    const two = await bench.failure(withSources(csv(lines), links('two.csv', ['a1,a2', 'a1,secret']), extract))
    expect(two.message).toContain('1 ids of identities (source ids) are said to be several customers')
    expect(two.message).not.toContain('secret')
  })

  it('decides whether it counts: exclusions and missing consent leave the customer out of every file, counted by reason', async () => {
    const sources: Sources = {
      ...links('links.csv', ['a1,a2', 'a2,a3']),
      staff: {
        from: bench.file('staff.csv', ['id,why', 'a1,staff', 'nobody,staff']),
        columns: { customer_id: 'id', reason: 'why' },
      },
      consents: {
        from: bench.file('consents.csv', [
          'id,day,what,ok',
          'a3,2026-01-01,profiling,yes',
          'b1,2026-01-01,profiling,yes',
          'c1,2026-01-01,profiling,yes',
          'c1,2026-03-01,profiling,no',
          'c1,2026-11-01,profiling,yes',
          'd1,2026-01-01,mail,yes',
        ]),
        columns: { customer_id: 'id', occurred_at: 'day', purpose: 'what', granted: 'ok' },
      },
      people: { from: bench.file('crm.csv', ['id', 'a2', 'b1', 'd1', 'e1']), columns: { customer_id: 'id' } },
    }
    const { ref, counts } = await bench.run(
      withSources(csv([...lines, 'd1,2026-01-06,6,1,1', ',2026-01-07,7,1,1']), sources, {
        ...extract,
        customers: 'people',
        exclusions: 'staff',
        consent: 'consents',
        purpose: 'profiling',
      }),
    )
    expect(await bench.query(ref, 'SELECT customer_id, order_id FROM raw ORDER BY order_id')).toEqual([
      { customer_id: 'b1', order_id: '4' },
      // Nobody: refused by cleansing, for that.
      { customer_id: null, order_id: '7' },
    ])
    expect(await bench.query(ref, 'SELECT customer_id FROM raw', 'customers')).toEqual([{ customer_id: 'b1' }])
    expect(counts).toMatchObject({ rowsIn: 7, rowsOut: 2 })
    // a3 under three ids is one customer; c1, d1 and e1 (of the crm only) have not agreed.
    expect((await bench.manifest(ref)).summary).toMatchObject({ excluded: { staff: 1, 'no consent': 3 } })
  })

  it('is not decided on values that do not fit', async () => {
    const sources: Sources = {
      consents: { from: bench.file('maybe.csv', ['id,ok', 'a1,maybe']), columns: { customer_id: 'id', granted: 'ok' } },
    }
    const failure = await bench.failure(
      withSources(csv(lines), sources, { transactions: 'lines', consent: 'consents' }),
    )
    expect(failure).toMatchObject({ type: 'SourceUnreadable' })
    expect(failure.message).toContain('1 rows of source consents have values that do not fit, in column granted')
  })
})
