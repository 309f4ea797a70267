import { describe, expect, it } from 'vitest'
import { addTallies, MAX_DISTINCT, profileOf } from '../../../src/stages/cleanse/profile.ts'
import type { ColumnTally, ShardTally } from '../../../src/stages/cleanse/profile.ts'

const shard = (column: Partial<ColumnTally>): ShardTally => ({
  roles: {
    transactions: {
      rows: 10,
      customers: 3,
      columns: { a: { kind: 'text', isId: false, nulls: 1, minimum: null, maximum: null, values: [], ...column } },
    },
  },
})
const added = (one: Partial<ColumnTally>, other: Partial<ColumnTally>) =>
  profileOf(addTallies(shard(one), shard(other))).roles.transactions!

describe('the profile of several shards', () => {
  it('adds rows, customers, empty values and levels, the most frequent first, ties by value', () => {
    const values = (text: string) => text.split(' ').map((part) => ({ value: part[0]!, rows: Number(part.slice(1)) }))
    const { rows, customers, columns } = added({ values: values('x1 y2') }, { values: values('z3 y3 w1') })
    expect({ rows, customers, nulls: columns.a!.nulls, distinct: columns.a!.distinct }).toEqual({
      rows: 20,
      customers: 6,
      nulls: 2,
      distinct: 4,
    })
    expect(columns.a!.levels.map(({ value, rows }) => value + rows)).toEqual(['y5', 'z3', 'w1', 'x1'])
  })

  it('compares numbers by size and texts by their bytes', () => {
    const numbers = added(
      { kind: 'number', minimum: '-9.5000', maximum: '9.0000' },
      { kind: 'number', minimum: '-10.0000', maximum: '10.0000' },
    )
    expect(numbers.columns.a).toMatchObject({ minimum: '-10.0000', maximum: '10.0000' })
    // U+FFFD has three bytes that begin with EF, U+1F600 four that begin with F0; JavaScript's own order is the other way round.
    const texts = added({ minimum: '\u{1f600}', maximum: '\u{1f600}' }, { minimum: '\ufffd', maximum: null })
    expect(texts.columns.a).toMatchObject({ minimum: '\ufffd', maximum: '\u{1f600}' })
  })

  it('gives up counting beyond ten thousand different values', () => {
    const many = (from: number, to: number) =>
      Array.from({ length: to - from }, (_, index) => ({ value: `v${from + index}`, rows: 1 }))
    expect(added({ values: many(0, 5_000) }, { values: many(0, MAX_DISTINCT) }).columns.a!.distinct).toBe(MAX_DISTINCT)
    expect(added({ values: many(0, 1) }, { values: many(1, MAX_DISTINCT + 1) }).columns.a).toMatchObject({
      distinct: null,
      levels: [],
    })
  })
})
