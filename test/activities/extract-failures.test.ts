import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ExtractBench, linesOf, type ExtractCase } from './extract-bench.ts'

let bench: ExtractBench
beforeAll(async () => {
  bench = await ExtractBench.open()
})
afterAll(() => bench.close())

const { columns } = linesOf
const csv = (...given: Parameters<ExtractBench['csv']>) => bench.csv(...given)

describe('extract fails at once, with a remedy, when', () => {
  it.each([
    ['the file is missing', 'SourceUnreadable', 'no file matches', { from: { file: 'nowhere/*.csv' } }],
    ['a column is gone', 'SourceSchemaChanged', 'Did you mean "price"?', { columns: { ...columns, amount: 'prize' } }],
    [
      'an expression names a column that is gone',
      'SourceSchemaChanged',
      'no column "prize"',
      { columns: { ...columns, amount: { sql: 'prize * 2' } } },
    ],
    ['an expression calculates with text', 'ConfigInvalid', 'declare their types', { types: {} }],
    [
      'an expression adds rows up',
      'ConfigInvalid',
      'aggregate',
      { columns: { ...columns, amount: { sql: 'sum(price)' } } },
    ],
    ['a zone does not exist', 'ConfigInvalid', 'Mars/Olympus', { timezone: 'Mars/Olympus' }],
    [
      'a date is a number',
      'ConfigInvalid',
      'occurred_at is a timestamp',
      { columns: { ...columns, occurred_at: { sql: 'quantity + 1' } } },
    ],
  ] as const)('%s', async (_title, type, message, source) => {
    const failure = await bench.failure(csv(['a,2026-01-01,1,1,1'], source as Partial<ExtractCase['sources'][string]>))
    expect(failure).toMatchObject({ type, nonRetryable: true, message: expect.stringContaining(message) as string })
  })

  it.each([
    ['a line has too few fields', 'a,2026-01-01,1', 'line 2'],
    ['a text is not UTF-8', Buffer.from('caf\xe9,2026-01-01,1,1,1', 'latin1'), 'line 2: holds bytes that are no utf-8'],
  ])('%s', async (_title, line, message) => {
    const given = csv([])
    writeFileSync(
      join(bench.folder, given.sources.lines!.from['file' as never]),
      Buffer.concat([
        Buffer.from('customer,at,order,quantity,price\n'),
        Buffer.from(line),
        Buffer.from('\nb,2026-01-01,2,1,1\n'),
      ]),
    )
    expect(await bench.failure(given)).toMatchObject({
      type: 'SourceUnreadable',
      message: expect.stringContaining(message) as string,
    })
  })

  it('a value does not fit, and says where without quoting the row', async () => {
    const short = await bench.failure(csv(['jane@example.org,2026-01-01,1']))
    expect(short.message).toContain('line 2: has 3 fields instead of 5')
    expect(short.message).not.toContain('jane')
    const cast = { columns: { ...columns, amount: { sql: 'cast(customer as integer)' } } }
    const text = await bench.failure(csv(['jane@example.org,2026-01-01,1,1,1'], cast))
    expect(text).toMatchObject({ type: 'SourceUnreadable', message: expect.stringContaining('INT32') as string })
    expect(text.message).not.toContain('jane')
  })

  it('no row lies before the as-of', async () => {
    const rows = ['a,2026-01-01,1,1,1', 'a,2026-02-01,2,1,1', 'a,soon,3,1,1']
    expect(await bench.failure(csv(rows, {}, { asOf: '2025-09-01T00:00:00Z' }))).toMatchObject({
      type: 'SourceEmpty',
      message: expect.stringContaining(
        '0 rows before 2025-09-01T00:00:00Z in source lines (3 rows in all, 1 of them without a readable occurred_at, the first at 2026-01-01 00:00:00 UTC)',
      ) as string,
    })
    expect(await bench.failure(csv([]))).toMatchObject({ type: 'SourceEmpty' })
  })

  it('not one instant can be read, and tells how they are written', async () => {
    const written = (...days: readonly string[]) => bench.failure(csv(days.map((day, row) => `a,${day},${row},1,1`)))
    expect(await written('13/02/2026 10:00', '03/02/2026 11:30')).toMatchObject({
      type: 'SourceUnreadable',
      nonRetryable: true,
      message: expect.stringContaining(
        "None of the 2 rows of source lines has a readable occurred_at; there are '03/02/2026 11:30', '13/02/2026 10:00'. Say how they are written: `csv: { timestampFormat: '%d/%m/%Y %H:%M' }`",
      ) as string,
    })
    // The third of February or the second of March: nobody can tell.
    expect((await written('03/02/2026')).message).toContain(`'%d/%m/%Y')" }\` (or '%m/%d/%Y': they fit both)`)
    expect((await written('Q1', 'Q2')).message).toMatch(
      /there are 'Q1', 'Q2'\. Say how they are written, in the words of strptime such as '%d\/%m\/%Y %H:%M', `csv: \{ timestampFormat: '…' \}`/,
    )
  })

  it('strptime meets a value of another form: it says the form, not the value', async () => {
    const occurredAt = { sql: `strptime("at", '%d/%m/%Y')` }
    const failure = await bench.failure(
      csv(['a,03/02/2026,1,1,1', 'b,14/14/2026,2,1,1'], { columns: { ...columns, occurred_at: occurredAt } }),
    )
    expect(failure).toMatchObject({ type: 'SourceUnreadable', nonRetryable: true })
    expect(failure.message).toContain(`a value like "99/99/9999" is not written as '%d/%m/%Y' (month out of range)`)
    expect(failure.message).toContain('try_strptime')
    expect(failure.message).not.toContain('14/14')
  })
})
