import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { ComputeSession } from '../../../src/ports/compute-engine.ts'
import { addCounts } from '../../../src/stages/cleanse/cleanse-counts.ts'
import type { RoleCounts } from '../../../src/stages/cleanse/cleanse-counts.ts'
import { judgeCounts } from '../../../src/stages/cleanse/judge-counts.ts'
import { openSession } from '../engine-session.ts'
import { cleanseRows, ruleOf } from './cleanse-rows.ts'

let session: ComputeSession
let close: () => Promise<void>

beforeAll(async () => {
  ;({ session, close } = await openSession())
})
afterAll(async () => close())

const createRaw = `create or replace table raw (bucket integer, customer_id varchar, occurred_at timestamp, order_id varchar,
  amount decimal(18, 4), quantity decimal(18, 4), "order" varchar, type_faults varchar)`

function insert(...rows: readonly string[]): Promise<void> {
  return session.execute(`insert into raw values ${rows.map((row) => `(${row})`).join(', ')}`)
}

const good = "1, 'ann', '2026-01-02 10:00', 'o1', 10.5, 1, 'x', null"

beforeEach(() => session.execute(createRaw))

describe('cleansing', () => {
  it('puts required and types in front, so that no empty key and no unreadable value passes', async () => {
    await insert(
      good,
      "1, null, '2026-01-02', 'o1', 1, 1, null, null",
      "1, 'ann', '2026-01-02', null, null, 1, null, null",
      "1, 'ann', '2026-01-02', 'o2', null, 1, null, 'amount=''1,5x'''",
    )
    const { compiled, counts } = await cleanseRows(session, [])
    expect(counts.rules.map(({ name, matched }) => [name, matched])).toEqual([
      ['required', 2],
      ['types', 1],
    ])
    expect(await session.rows(`select rule, reason from (${compiled.rejects.query}) order by reason`)).toEqual([
      { rule: 'types', reason: "amount='1,5x'" },
      { rule: 'required', reason: 'customer_id is empty' },
      { rule: 'required', reason: 'order_id, amount is empty' },
    ])
    expect(counts).toMatchObject({ rowsIn: 4, rowsOut: 1, rejected: 3, customers: 1 })
  })

  it('takes an amount for unreadable, not for empty, when a source column that it is made of is', async () => {
    await insert(good, "1, 'ann', '2026-01-02', 'o2', null, 1, null, 'Unit Price=''n/a'''")
    const { compiled } = await cleanseRows(session, [{ rule: 'types', do: 'quarantine', maxShare: 1 }])
    expect(await session.rows(`select rule, reason from (${compiled.rejects.query})`)).toEqual([
      { rule: 'types', reason: "Unit Price='n/a'" },
    ])
    expect(await session.rows(compiled.reasons)).toEqual([
      { rule: 1, reason: 'Unit Price does not fit its type', rows: 1 },
    ])
  })

  it('still guards the keys when the list names required for another column', async () => {
    await insert(good, "1, null, '2026-01-02', 'o1', 1, null, null, null")
    const { counts } = await cleanseRows(session, [{ rule: 'required', columns: ['quantity'] }])
    expect(counts.rules.map(({ name, matched, rejected }) => [name, matched, rejected])).toEqual([
      ['required', 1, 1],
      ['types', 0, 0],
      ['required 2', 1, 0],
    ])
  })

  it('rejects a row by the first rule that matches it, and counts it by all that match', async () => {
    await insert(good, "1, 'bob', '2026-01-02', 'o2', -5, -1, null, null")
    const { counts } = await cleanseRows(session, [
      { rule: 'range', column: 'quantity', atLeast: 1, do: 'drop' },
      { rule: 'range', column: 'amount', above: 0, do: 'drop' },
      { rule: 'range', column: 'amount', atMost: 100, do: 'drop' },
    ])
    expect(ruleOf(counts, 'range(quantity)')).toEqual({ matched: 1, rejected: 1 })
    expect(ruleOf(counts, 'range(amount)')).toEqual({ matched: 1, rejected: 0 })
    expect(ruleOf(counts, 'range(amount) 2')).toEqual({ matched: 0, rejected: 0 })
  })

  it('keeps one of equal rows and rejects the others, each as a row of its own', async () => {
    await insert(good, good, good, good.replace("'x'", "'y'"))
    const { compiled, counts } = await cleanseRows(session, [{ rule: 'duplicates' }])
    expect(ruleOf(counts, 'duplicates')).toEqual({ matched: 2, rejected: 2 })
    expect(await session.rows(`select rule from (${compiled.rejects.query})`)).toEqual([
      { rule: 'duplicates' },
      { rule: 'duplicates' },
    ])
    expect(await session.rows(`select "order" from (${compiled.clean.query}) order by 1`)).toEqual([
      { order: 'x' },
      { order: 'y' },
    ])
  })

  it('does not take values that could not be read for equal', async () => {
    const unreadable = (text: string): string => `1, 'ann', '2026-01-02', 'o1', 1, null, null, 'quantity=''${text}'''`
    await insert(unreadable('a'), unreadable('b'))
    const { counts } = await cleanseRows(session, [{ rule: 'duplicates' }])
    expect(ruleOf(counts, 'duplicates').matched).toBe(0)
  })

  it.each([
    ['before the rule that rejects them', ['duplicates', 'range'], { duplicates: 2, range: 1 }],
    ['after the rule that rejects them', ['range', 'duplicates'], { duplicates: 0, range: 3 }],
  ])('rejects duplicates %s', async (_, order, expected) => {
    const bad = good.replace('10.5', '-1')
    await insert(good, bad, bad, bad)
    const rules = {
      duplicates: { rule: 'duplicates' },
      range: { rule: 'range', column: 'amount', above: 0, do: 'drop' },
    }
    const { counts } = await cleanseRows(
      session,
      order.map((name) => rules[name as keyof typeof rules]),
    )
    expect(ruleOf(counts, 'duplicates')).toEqual({ matched: 2, rejected: expected.duplicates })
    expect(ruleOf(counts, 'range(amount)')).toEqual({ matched: 3, rejected: expected.range })
  })

  it('keeps a return with a negative amount and quantity, whichever sign the source gives it, and spares it from later ranges', async () => {
    await insert(
      good,
      "1, 'ann', '2026-01-03', 'C1', 4, 1, null, null",
      "1, 'ann', '2026-01-03', 'C2', -3.25, -1, null, null",
      "1, 'ann', '2026-01-03', 'o3', -1, 1, null, null",
    )
    const { compiled, counts } = await cleanseRows(session, [
      { rule: 'cancellations', when: { sql: "order_id like 'C%' -- ours" }, do: 'keep' },
      { rule: 'range', column: 'amount', above: -0.5, do: 'quarantine' },
    ])
    expect(ruleOf(counts, 'cancellations')).toEqual({ matched: 2, rejected: 0 })
    expect(ruleOf(counts, 'range(amount)')).toEqual({ matched: 1, rejected: 1 })
    expect(
      await session.rows(
        `select order_id, cast(amount as varchar) as amount, cast(quantity as integer) as quantity, is_return from (${compiled.clean.query}) order by order_id`,
      ),
    ).toEqual([
      { order_id: 'C1', amount: '-4.0000', quantity: -1, is_return: true },
      { order_id: 'C2', amount: '-3.2500', quantity: -1, is_return: true },
      { order_id: 'o1', amount: '10.5000', quantity: 1, is_return: false },
    ])
  })

  it('takes a negative amount for a return where no rule speaks of it', async () => {
    await insert(good, good.replace('10.5', '-10.5'))
    const { compiled } = await cleanseRows(session, [])
    expect(await session.rows(`select is_return from (${compiled.clean.query}) order by 1`)).toEqual([
      { is_return: false },
      { is_return: true },
    ])
  })

  it('takes an empty value neither for outside a range nor for a cancellation', async () => {
    await insert(good.replace("'x'", 'null').replace('10.5, 1', '10.5, null'))
    const { counts } = await cleanseRows(session, [
      { rule: 'range', column: 'quantity', above: 0, do: 'drop' },
      { rule: 'cancellations', when: { sql: `"order" = 'cancelled'` }, do: 'drop' },
    ])
    expect(counts.rejected).toBe(0)
  })

  it.each([
    [
      'a column that is not mapped',
      { rule: 'range', column: 'weight', above: 0, do: 'drop' },
      /weight.*customer_id, occurred_at/,
    ],
    [
      'a range over text',
      { rule: 'range', column: 'order_id', above: 0, do: 'drop' },
      /order_id is VARCHAR.*amount, quantity/,
    ],
    ['a range without a bound', { rule: 'range', column: 'amount', do: 'drop' }, /no bound/],
    ['a required column that is not mapped', { rule: 'required', columns: ['email'] }, /email/],
  ])('refuses %s', async (_, rule, message) => {
    await expect(cleanseRows(session, [rule])).rejects.toThrow(
      expect.objectContaining({ type: 'ConfigInvalid', message: expect.stringMatching(message) as string }) as Error,
    )
  })
})

describe('judging the counts of all shards', () => {
  const judge = (...shards: readonly RoleCounts[]): void =>
    judgeCounts(addCounts(shards.map((role) => ({ roles: [role], population: 0 }))).roles, 'transactions')

  const range = { rule: 'range', column: 'amount', above: 0 }

  it('fails a run when a rule with do: fail matches anywhere, with up to three reasons and no value', async () => {
    await insert(
      good,
      "1, 'ann', '2026-01-02', 'o2', null, 1, null, 'amount=''Ann Smith'''",
      "1, null, '2026-01-02', 'o1', 1, 1, null, null",
    )
    const { counts } = await cleanseRows(session, [{ rule: 'types', do: 'fail' }])
    expect(() => judge(counts)).toThrow(
      expect.objectContaining({
        type: 'PoisonRowsOverLimit',
        what: expect.stringContaining('1 of 3 match it (amount does not fit its type: 1)') as string,
      }) as Error,
    )
  })

  it('judges maxShare over all shards, not over one', async () => {
    await insert(good, good.replace('10.5', '-1'))
    const bad = (await cleanseRows(session, [{ ...range, do: 'drop', maxShare: 0.25 }])).counts
    await session.execute('delete from raw where amount < 0')
    await insert(good)
    const fine = (await cleanseRows(session, [{ ...range, do: 'drop', maxShare: 0.25 }])).counts
    expect(() => judge(bad)).toThrow(/0\.5000 where maxShare allows 0\.25 \(amount is not above 0: 1\)/)
    expect(() => judge(bad, fine)).not.toThrow()
  })

  it('fails a run that has no clean row left, and says which rules took them', async () => {
    await insert(good.replace('10.5', '-1'))
    const { counts } = await cleanseRows(session, [{ ...range, do: 'drop' }])
    expect(() => judge(counts)).toThrow(
      expect.objectContaining({
        type: 'TooFewCustomers',
        what: 'Cleansing left none of 1 rows: range(amount) rejected 1.',
      }) as Error,
    )
  })
})
