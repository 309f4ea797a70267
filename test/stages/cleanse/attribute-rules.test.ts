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

const people =
  'customer_id varchar, birth_date date, country varchar, income decimal(18, 4), registered_at timestamp, checked_at timestamp'
const lines =
  'customer_id varchar, occurred_at timestamp, order_id varchar, amount decimal(18, 4), quantity decimal(18, 4), country varchar'

const fixesOf = async (fixes: readonly string[]) =>
  (
    await session.rows(
      `select customer_id, column_name, before, after, rule from (${fixes.join(' union all ')}) order by all`,
    )
  ).map((row) => Object.values(row))

describe('the rules of attributes', () => {
  const rows = [
    "'ann', '1980-05-01', 'DE', 1000, '2020-01-01', '2025-12-01'",
    "'bob', '2026-02-01', 'Germany', 2000, '2026-03-01', '2023-06-01'",
    "'cem', null, null, 3000, null, null",
  ]

  it('allowed rejects values that are not in the list, and leaves empty ones alone', async () => {
    await given(people, ...rows)
    const rule = { rule: 'allowed', column: 'country', values: ['DE', 'FR'], do: 'quarantine' }
    const { compiled } = await cleanseRows(session, [rule], 'customers')
    expect(await valuesOf(session, compiled.rejects, 'customer_id, rule, reason')).toEqual([
      ['bob', 'allowed(country)', 'country is none of the allowed values'],
    ])
  })

  it('allowed with fix replaces them, says so, and rejects keep the value that came', async () => {
    await given(people, ...rows)
    const { compiled, counts } = await cleanseRows(
      session,
      [
        { rule: 'allowed', column: 'country', values: ['DE', 'FR'], to: 'DE', do: 'fix' },
        { rule: 'pattern', column: 'country', matches: '[A-Z]{2}', do: 'drop' },
        { rule: 'sql', name: 'rich', when: { sql: 'income > 2500' }, do: 'drop' },
      ],
      'customers',
    )
    expect(await valuesOf(session, compiled.clean, 'customer_id, country')).toEqual([
      ['ann', 'DE'],
      ['bob', 'DE'],
    ])
    expect(await fixesOf(compiled.fixes)).toEqual([['bob', 'country', 'Germany', 'DE', 'allowed(country)']])
    expect(ruleCounts(counts, 'allowed(country)')).toMatchObject({ matched: 1, rejected: 0, fixed: 1 })
    expect(ruleCounts(counts, 'rich')).toMatchObject({ matched: 1, rejected: 1, fixed: 0 })
  })

  it('counts no fix, and shows the value as it came, when a later rule rejects the row', async () => {
    await given(people, ...rows)
    const { compiled, counts } = await cleanseRows(
      session,
      [
        { rule: 'allowed', column: 'country', values: ['DE'], to: 'DE', do: 'fix' },
        { rule: 'sql', name: 'bob', when: { sql: "customer_id = 'bob'" }, do: 'drop' },
      ],
      'customers',
    )
    expect(await valuesOf(session, compiled.rejects, 'customer_id, country')).toEqual([['bob', 'Germany']])
    expect(ruleCounts(counts, 'allowed(country)')).toMatchObject({ matched: 1, fixed: 0 })
    expect(await fixesOf(compiled.fixes)).toEqual([])
  })

  it('pattern matches the whole text', async () => {
    await given(people, ...rows)
    const rule = { rule: 'pattern', column: 'country', matches: '[A-Z]', do: 'drop' }
    const { counts } = await cleanseRows(session, [rule], 'customers')
    expect(ruleCounts(counts, 'pattern(country)').matched).toBe(2)
  })

  it('future empties instants and dates from the as-of on', async () => {
    await given(people, ...rows)
    const { compiled } = await cleanseRows(session, [{ rule: 'future' }], 'customers')
    expect(await fixesOf(compiled.fixes)).toEqual([
      ['bob', 'birth_date', '2026-02-01', null, 'future'],
      ['bob', 'registered_at', '2026-03-01 00:00:00', null, 'future'],
    ])
    expect(compiled.rules.find(({ name }) => name === 'future')!.action).toBe('fix')
  })

  it('stale empties or rejects what is older than the span before the as-of', async () => {
    await given(people, ...rows)
    const stale = { rule: 'stale', column: 'checked_at', olderThan: '24 months' }
    const fixed = await cleanseRows(session, [{ ...stale, columns: ['income', 'country'], do: 'fix' }], 'customers')
    expect(await fixesOf(fixed.compiled.fixes)).toEqual([
      ['bob', 'country', 'Germany', null, 'stale(checked_at)'],
      ['bob', 'income', '2000.0000', null, 'stale(checked_at)'],
    ])
    expect(ruleCounts(fixed.counts, 'stale(checked_at)').fixed).toBe(1)
    const { compiled } = await cleanseRows(session, [{ ...stale, do: 'drop' }], 'customers')
    expect(await valuesOf(session, compiled.rejects, 'customer_id, reason')).toEqual([
      ['bob', 'checked_at is older than 24 months'],
    ])
  })

  it('types with fix leaves unreadable values empty, and keys of them missing', async () => {
    await session.execute(
      `create or replace table raw (bucket integer, ${people}, type_faults varchar);
       insert into raw values (1, 'ann', null, 'DE', null, null, null, 'income=''much'''), (1, null, null, 'DE', 1, null, null, null)`,
    )
    const { compiled, counts } = await cleanseRows(session, [{ rule: 'types', do: 'fix' }], 'customers')
    expect(counts).toMatchObject({ rowsOut: 1, rejected: 1 })
    expect(await fixesOf(compiled.fixes)).toEqual([['ann', 'income', "income='much'", null, 'types']])
  })

  it('inconsistent keeps the most frequent value, of these the latest, then the smallest', async () => {
    await given(
      lines,
      "'ann', '2026-01-01', 'o1', 1, 1, 'DE'",
      "'ann', '2026-01-02', 'o2', 1, 1, 'FR'",
      "'ann', '2026-01-03', 'o3', 1, 1, 'DE'",
      "'bob', '2026-01-01', 'o4', 1, 1, 'DE'",
      "'bob', '2026-01-02', 'o5', 1, 1, 'FR'",
      "'cem', '2026-01-01', 'o6', 1, 1, 'FR'",
      "'cem', '2026-01-01', 'o7', 1, 1, 'DE'",
      "'dan', '2026-01-01', 'o8', 1, 1, null",
      "'dan', '2026-01-02', 'o9', 1, 1, 'FR'",
    )
    const inconsistent = { rule: 'inconsistent', column: 'country' }
    const fixed = await cleanseRows(session, [{ ...inconsistent, do: 'fix' }])
    expect(await fixesOf(fixed.compiled.fixes)).toEqual([
      ['ann', 'country', 'FR', 'DE', 'inconsistent(country)'],
      ['bob', 'country', 'DE', 'FR', 'inconsistent(country)'],
      ['cem', 'country', 'FR', 'DE', 'inconsistent(country)'],
    ])
    const { compiled } = await cleanseRows(session, [{ ...inconsistent, do: 'quarantine' }])
    expect((await valuesOf(session, compiled.rejects, 'order_id')).flat()).toEqual(['o2', 'o4', 'o6'])
  })
})
