import pg from 'pg'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { from as copyFrom } from 'pg-copy-streams'
import { describe, expect, it } from 'vitest'
import { copyHeader, copyTrailer, encodeRows } from '../../../src/adapters/warehouse/copy-binary.ts'
import { useStack } from '../../use-stack.ts'

describe('rows in the format of COPY BINARY', () => {
  it('gives the bytes of the PostgreSQL manual for a text, a null and a flag', () => {
    const bytes = encodeRows(
      [
        { type: 'text', values: ['skipped', 'aé'] },
        { type: 'float8', values: Float64Array.of(0, NaN) },
        { type: 'bool', values: Int32Array.of(0, 1) },
        { type: 'int8', value: 4_294_967_298 },
        { type: 'coded-text', codes: Int32Array.of(0, 2), texts: [Buffer.from('no'), Buffer.from('yes')] },
        { type: 'coded-text', codes: Int32Array.of(1, 0), texts: [Buffer.from('no')] },
      ],
      1,
      2,
    )
    // By hand: 6 fields; length 3 and UTF-8 of "aé"; null is length -1; length 1; length 8 and 2^32 + 2; "yes"; null.
    expect(bytes.toString('hex')).toBe(
      '0006' +
        '00000003' +
        '61c3a9' +
        'ffffffff' +
        '0000000101' +
        '000000080000000100000002' +
        '00000003796573' +
        'ffffffff',
    )
    expect(copyHeader.toString('hex')).toBe('5047434f50590aff0d0a00' + '00000000' + '00000000')
  })

  it('brings every value through Postgres unchanged', async () => {
    const client = new pg.Client({ connectionString: (await useStack()).endpoints.warehouse })
    await client.connect()
    try {
      const texts = ['', 'ü 漢 😀', 'a\tb\\n\n"', null]
      const numbers = Float64Array.of(-0, 5e-324, 1.7976931348623157e308, NaN)
      const flags = Int32Array.of(1, 0, 1, 0)
      await client.query('create temp table landed (t text, x float8, f bool, n int8)')
      const rows = encodeRows(
        [
          { type: 'text', values: texts },
          { type: 'float8', values: numbers },
          { type: 'bool', values: flags },
          { type: 'int8', value: 9_007_199_254_740_991 },
        ],
        0,
        4,
      )
      await pipeline(
        Readable.from([copyHeader, rows, copyTrailer], { objectMode: false }),
        client.query(copyFrom('copy landed from stdin (format binary)')),
      )
      const landed = await client.query<{ t: string; x: number; f: boolean; n: string }>('select * from landed')
      expect(landed.rows).toEqual(
        texts.map((t, row) => ({
          t,
          x: Number.isNaN(numbers[row]) ? null : numbers[row],
          f: flags[row] === 1,
          n: '9007199254740991',
        })),
      )
    } finally {
      await client.end()
    }
  })
})
