import fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { ComputeSession } from '../../../src/ports/compute-engine.ts'
import { openSession } from '../engine-session.ts'
import { cleanseRows } from './cleanse-rows.ts'

let session: ComputeSession
let close: () => Promise<void>

beforeAll(async () => {
  ;({ session, close } = await openSession())
})
afterAll(async () => close())

const row = fc.record({
  customer: fc.constantFrom('ann', 'bob'),
  day: fc.integer({ min: 1, max: 4 }),
  order: fc.constantFrom('o1', 'o2', 'C1'),
  amount: fc.integer({ min: -3, max: 9 }),
  product: fc.constantFrom('p', 'q', null),
})

const rules = [
  { rule: 'duplicates' },
  { rule: 'duplicates', by: ['customer_id', 'order_id', 'amount'], keep: 'last' },
  { rule: 'inconsistent', column: 'product', do: 'fix' },
  { rule: 'cancellations', when: { sql: "order_id like 'C%'" }, do: 'net' },
  { rule: 'range', column: 'amount', above: 0, do: 'drop' },
  { rule: 'outliers', column: 'amount', quantiles: { upper: 0.8 }, do: 'fix' },
]

it('gives the same rows, rejects, fixes and sums for any order of the rows that come in', async () => {
  const cleanse = async (rows: readonly string[]) => {
    await session.execute(
      `create or replace table raw (bucket integer, customer_id varchar, occurred_at timestamp, order_id varchar,
         amount decimal(18, 4), quantity decimal(18, 4), product varchar, type_faults varchar);
       insert into raw values ${rows.join(', ')}`,
    )
    const { compiled, counts } = await cleanseRows(session, rules)
    const all = (query: string) => session.rows(`select * exclude (__row) from (${query}) order by all`)
    const sums = await session.rows(
      `select (select sum(amount) from (${compiled.clean.query})) as clean, (select coalesce(sum(-abs(amount)), 0) from judged where __verdict is null and __match_5)
         + (select coalesce(sum(amount), 0) from judged where __verdict is null and not __match_5) as judged`,
    )
    return {
      counts,
      clean: await all(compiled.clean.query),
      rejects: await all(compiled.rejects.query),
      fixes: await session.rows(`select * from (${compiled.fixes.join(' union all ')}) order by all`),
      sums,
    }
  }
  await fc.assert(
    fc.asyncProperty(
      fc
        .array(row, { minLength: 1, maxLength: 20 })
        .chain((rows) => fc.tuple(fc.constant(rows), fc.shuffledSubarray(rows, { minLength: rows.length }))),
      async ([rows, shuffled]) => {
        const sql = (some: typeof rows): readonly string[] =>
          some.map(
            ({ customer, day, order, amount, product }) =>
              `(1, '${customer}', '2026-01-0${day}', '${order}', ${amount}, ${Math.abs(amount) + 1}, ${product ? `'${product}'` : 'null'}, null)`,
          )
        const [first, second] = [await cleanse(sql(rows)), await cleanse(sql(shuffled))]
        expect(second).toEqual(first)
        // A return that is taken from its purchase takes as much as it had.
        expect(first.sums[0]!.clean ?? 0).toBe(first.sums[0]!.judged ?? 0)
      },
    ),
    { numRuns: 20, seed: 9 },
  )
}, 120_000)
