import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ComputeSession } from '../../../src/ports/compute-engine.ts'
import { openSession } from '../engine-session.ts'
import { cleanseRows, ruleCounts, valuesOf } from './cleanse-rows.ts'

let session: ComputeSession
let close: () => Promise<void>

beforeAll(async () => {
  ;({ session, close } = await openSession())
})
afterAll(async () => close())

/** Expected values are worked out by hand. */
async function given(columns: string, ...rows: readonly string[]): Promise<void> {
  await session.execute(
    `create or replace table raw (bucket integer, ${columns}, type_faults varchar);
     insert into raw values ${rows.map((row) => `(1, ${row}, null)`).join(', ')}`,
  )
}

const lines =
  'customer_id varchar, occurred_at timestamp, order_id varchar, amount decimal(18, 4), quantity decimal(18, 4), product varchar'

const fixesOf = async (fixes: readonly string[]) =>
  (
    await session.rows(
      `select customer_id, column_name, before, after, rule from (${fixes.join(' union all ')}) order by all`,
    )
  ).map((row) => Object.values(row))

describe('the rules of lines', () => {
  it.each([
    ['first', undefined, ['o1', 'x']],
    ['last', undefined, ['o3', 'x']],
    ['highest', 'amount', ['o2', 'x']],
  ])('duplicates by columns keep the %s, and rows without a key', async (keep, column, kept) => {
    await given(
      lines,
      "'ann', '2026-01-01', 'o1', 1, 1, 'p'",
      "'ann', '2026-01-02', 'o2', 9, 1, 'p'",
      "'ann', '2026-01-03', 'o3', 2, 1, 'p'",
      "'ann', '2026-01-03', 'x', 2, 1, null",
    )
    const { compiled, counts } = await cleanseRows(session, [
      { rule: 'duplicates', by: ['customer_id', 'product'], keep, ...(column && { column }) },
    ])
    expect((await valuesOf(session, compiled.clean, 'order_id')).flat()).toEqual(kept)
    expect(ruleCounts(counts, 'duplicates(customer_id, product)')).toMatchObject({ matched: 2, rejected: 2 })
  })

  it('does not keep a row that an earlier rule rejects in place of its duplicate', async () => {
    await given(lines, "'ann', '2026-01-01', 'o1', 1, 1, 'p'", "'ann', '2026-01-02', 'o1', -9, 1, 'p'")
    const { compiled } = await cleanseRows(session, [
      { rule: 'range', column: 'amount', above: 0, do: 'drop' },
      { rule: 'duplicates', by: ['order_id'] },
    ])
    expect(await valuesOf(session, compiled.clean, 'cast(amount as integer)')).toEqual([[1]])
  })

  it('net takes a return from its purchase, keeps one without as a negative amount, and changes no sum', async () => {
    await given(
      lines,
      "'ann', '2026-01-01', 'o1', 30, 3, 'p'",
      "'ann', '2026-01-05', 'o2', 10, 1, 'p'",
      "'ann', '2026-01-06', 'C3', -20, -2, 'p'",
      "'ann', '2026-01-07', 'C4', -10, -1, 'q'",
      "'bob', '2026-01-07', 'o5', 10, 1, 'q'",
    )
    const { compiled, counts } = await cleanseRows(session, [
      { rule: 'cancellations', when: { sql: "order_id like 'C%'" }, do: 'net' },
      { rule: 'range', column: 'amount', above: 0, do: 'drop' },
    ])
    expect(
      await valuesOf(
        session,
        compiled.clean,
        'order_id, cast(amount as integer), cast(quantity as integer), is_return',
      ),
    ).toEqual([
      ['o1', 10, 1, false],
      ['o2', 10, 1, false],
      ['C3', 0, 0, true],
      ['C4', -10, -1, true],
      ['o5', 10, 1, false],
    ])
    expect(ruleCounts(counts, 'cancellations')).toMatchObject({ matched: 2, rejected: 0, fixed: 1 })
    expect(ruleCounts(counts, 'unmatched returns')).toMatchObject({ action: 'keep', matched: 1 })
    expect(await fixesOf(compiled.fixes)).toEqual([
      ['ann', 'amount', '-20.0000', '0.0000', 'cancellations'],
      ['ann', 'amount', '30.0000', '10.0000', 'cancellations'],
      ['ann', 'quantity', '-2.0000', '0.0000', 'cancellations'],
      ['ann', 'quantity', '3.0000', '1.0000', 'cancellations'],
    ])
  })

  it('takes every line with an amount below 0 for a cancellation unless the rule says which', async () => {
    await given(lines, "'ann', '2026-01-01', 'o1', 5, 1, 'p'", "'ann', '2026-01-02', 'o2', -5, 1, 'p'")
    const { compiled } = await cleanseRows(session, [{ rule: 'cancellations', do: 'drop' }])
    expect((await valuesOf(session, compiled.clean, 'order_id')).flat()).toEqual(['o1'])
  })

  // Ten amounts 1 … 9 and 100: the 0.1 quantile is 1, the 0.9 quantile 9; median 5, deviations 4 3 2 1 0 1 2 3 4 95, their median 2.
  const ten = [1, 2, 3, 4, 5, 6, 7, 8, 9, 100].map(
    (amount, day) => `'ann', '2026-01-${day + 10}', 'o', ${amount}, 1, 'p'`,
  )

  it.each([
    ['quantiles', { quantiles: { lower: 0.1, upper: 0.9 } }, { lower: '1.0000', upper: '9.0000' }, [100]],
    ['an upper quantile alone', { quantiles: { upper: 0.75 } }, { lower: null, upper: '8.0000' }, [9, 100]],
    ['deviations from the median', { madTimes: 1.5 }, { lower: '2.0000', upper: '8.0000' }, [1, 9, 100]],
  ])('outliers are found by %s', async (_, how, bounds, found) => {
    await given(lines, ...ten, "'test', '2026-01-01', 'o', -999, 1, 'p'")
    const result = await cleanseRows(session, [
      { rule: 'testCustomers', ids: ['test'] },
      { rule: 'outliers', column: 'amount', ...how, do: 'quarantine' },
    ])
    expect(result.bounds['outliers(amount)']).toEqual(bounds)
    expect(
      (await valuesOf(session, result.compiled.rejects, 'cast(amount as integer) as a')).flat().slice(0, -1),
    ).toEqual(found)
  })

  it('outliers with fix get the bound', async () => {
    await given(lines, ...ten)
    const { compiled } = await cleanseRows(session, [
      { rule: 'outliers', column: 'amount', quantiles: { lower: 0.2, upper: 0.9 }, do: 'fix' },
    ])
    expect(await fixesOf(compiled.fixes)).toEqual([
      ['ann', 'amount', '1.0000', '2.0000', 'outliers(amount)'],
      ['ann', 'amount', '100.0000', '9.0000', 'outliers(amount)'],
    ])
  })

  it('finds no outliers by deviations where half of the values are equal', async () => {
    await given(lines, ...[5, 5, 5, 9].map((amount) => `'ann', '2026-01-01', 'o', ${amount}, 1, 'p'`))
    const { counts } = await cleanseRows(session, [{ rule: 'outliers', column: 'amount', madTimes: 3, do: 'drop' }])
    expect(ruleCounts(counts, 'outliers(amount)').matched).toBe(0)
  })

  it('range with fix sets values to the bound', async () => {
    await given(lines, "'ann', '2026-01-01', 'o1', 500, 1, 'p'")
    const { compiled } = await cleanseRows(session, [{ rule: 'range', column: 'amount', atMost: 99.5, do: 'fix' }])
    expect(await valuesOf(session, compiled.clean, 'cast(amount as varchar) as a')).toEqual([['99.5000']])
  })

  it('names a failing row by what it was when the rule saw it, though a later rule changes it', async () => {
    await given(lines, "'ann', '2026-01-01', 'o1', 500, 1, 'p'")
    const { counts } = await cleanseRows(session, [
      { rule: 'range', column: 'amount', atMost: 400, do: 'fail' },
      { rule: 'range', column: 'amount', atMost: 100, do: 'fix' },
    ])
    expect(ruleCounts(counts, 'range(amount)').reasons).toEqual([{ reason: 'amount is more than 400', rows: 1 }])
  })
})
