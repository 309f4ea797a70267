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
  customer: fc.constantFrom('ann', 'bob', null),
  order: fc.constantFrom('o1', 'C1', null),
  amount: fc.constantFrom(-2, 0, 3.5, null),
  quantity: fc.constantFrom(-1, 1, null),
  faults: fc.constantFrom(null, null, "quantity='x'"),
})
const action = fc.constantFrom('drop', 'quarantine', 'fail')
const rule = fc.oneof(
  fc.record({
    rule: fc.constant('required'),
    columns: fc.constantFrom(['quantity'], ['customer_id', 'amount']),
    do: action,
  }),
  fc.record({ rule: fc.constant('types'), do: action }),
  fc.constant({ rule: 'duplicates' }),
  fc.record({
    rule: fc.constant('cancellations'),
    when: fc.constant({ sql: "order_id like 'C%'" }),
    do: fc.constantFrom('net', 'keep', 'drop'),
    match: fc.constant(['customer_id']),
  }),
  fc.constantFrom(
    { rule: 'duplicates', by: ['customer_id', 'order_id'], keep: 'highest', column: 'amount' },
    { rule: 'duplicates', by: ['order_id'], keep: 'first' },
    { rule: 'inconsistent', column: 'quantity', do: 'fix' },
    { rule: 'inconsistent', column: 'order_id', do: 'quarantine' },
    { rule: 'testCustomers', ids: ['bob'] },
    { rule: 'allowed', column: 'quantity', values: [1], to: null, do: 'fix' },
    { rule: 'range', column: 'amount', atLeast: 0, do: 'fix' },
    { rule: 'types', do: 'fix' },
    { rule: 'pattern', column: 'order_id', matches: 'o.*', do: 'drop' },
    { rule: 'outliers', column: 'amount', quantiles: { upper: 0.6 }, do: 'fix' },
    { rule: 'outliers', column: 'amount', madTimes: 1, do: 'drop' },
    { rule: 'sql', name: 'own', when: { sql: 'quantity < 0' }, do: 'drop' },
  ),
  fc.record({
    rule: fc.constant('range'),
    column: fc.constantFrom('amount', 'quantity'),
    above: fc.constantFrom(-1, 0),
    do: action,
  }),
)

/** What is true of a row that a rule rejects. */
const rejectsSatisfy: Readonly<Record<string, string>> = {
  required: 'customer_id is null or order_id is null or amount is null or quantity is null',
  types: 'type_faults is not null',
  cancellations: "order_id like 'C%'",
  testCustomers: "customer_id = 'bob'",
  'pattern(order_id)': "not regexp_full_match(order_id, 'o.*')",
  own: 'coalesce(quantity < 0, false)',
}

const oneOfEach = (rules: readonly { rule: string; by?: unknown }[]) =>
  rules.filter(({ rule, by }, index) =>
    !['types', 'cancellations', 'sql'].includes(rule) && !(rule === 'duplicates' && !by)
      ? true
      : rules.findIndex((other) => other.rule === rule && !other.by === !by) === index,
  )

const text = (value: string | number | null): string =>
  value === null ? 'null' : `'${String(value).replaceAll("'", "''")}'`

it('loses and invents no row: in = out + rejected, in the counts and in the tables, for any rows and rules', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(row, { minLength: 1, maxLength: 12 }),
      fc.array(rule, { maxLength: 6 }),
      async (rows, rules) => {
        const values = rows.map(
          (one) =>
            `(1, ${text(one.customer)}, timestamp '2026-01-01', ${text(one.order)}, ${text(one.amount)}, ${text(one.quantity)}, ${text(one.faults)})`,
        )
        await session.execute(
          `create or replace table raw (bucket integer, customer_id varchar, occurred_at timestamp, order_id varchar, amount decimal(18, 4), quantity decimal(18, 4), type_faults varchar);
         insert into raw values ${values.join(', ')}`,
        )
        const { compiled, counts } = await cleanseRows(session, oneOfEach(rules))
        const [found] = await session.rows(
          `select (select count(*) from (${compiled.clean.query})) as clean, (select count(*) from (${compiled.rejects.query})) as rejects`,
        )
        expect(counts.rowsIn).toBe(rows.length)
        expect(found).toEqual({ clean: counts.rowsOut, rejects: counts.rejected })
        expect(counts.rowsOut + counts.rejected).toBe(rows.length)
        for (const { matched, rejected } of counts.rules) expect(matched).toBeGreaterThanOrEqual(rejected)
        for (const [name, condition] of Object.entries(rejectsSatisfy)) {
          const odd = `select 1 from (${compiled.rejects.query}) where rule = '${name}' and not (${condition})`
          expect(await session.rows(odd)).toEqual([])
        }
        const perRule = await session.rows(
          `select rule, count(*) as rows from (${compiled.rejects.query}) group by rule`,
        )
        expect(Object.fromEntries(perRule.map((one) => [one.rule, one.rows]))).toEqual(
          Object.fromEntries(counts.rules.filter((one) => one.rejected > 0).map((one) => [one.name, one.rejected])),
        )
      },
    ),
    { numRuns: 80, seed: 3 },
  )
}, 120_000)
