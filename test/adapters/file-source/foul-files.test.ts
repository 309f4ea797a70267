import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readWritten, type fileSource } from './read-file.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'resegment-foul-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const bytes = (...parts: readonly (string | readonly number[])[]): Buffer =>
  Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : Buffer.from(part))))
const read = (content: string | Buffer, csv?: Parameters<typeof fileSource>[1], name = 'foul.csv') =>
  readWritten(folder, name, content, csv)

describe('a record that is no row is kept apart, with its line', () => {
  it.each<[string, Buffer, (string | null)[][], [number, string, string][]]>([
    [
      'a line with too few fields',
      bytes('id,at\n1,2\n3\n4,5\n'),
      [
        ['1', '2'],
        ['4', '5'],
      ],
      [[3, 'has 1 field instead of 2', '3']],
    ],
    [
      'a line with too many fields',
      bytes('id,at\n1,2\n3,4,5\n6,7\n'),
      [
        ['1', '2'],
        ['6', '7'],
      ],
      [[3, 'has 3 fields instead of 2', '3,4,5']],
    ],
    [
      'text after a closing quote',
      bytes('id,at\n1,"x"y\n2,"z"\n'),
      [['2', 'z']],
      [[2, 'has text after a closing quote', '1,"x"y']],
    ],
    [
      'a quote that is closed by the next one, lines later',
      bytes('id,at\n1,"x\n2,y\n3,"z"\n4,w\n'),
      [
        ['2', 'y'],
        ['3', 'z'],
        ['4', 'w'],
      ],
      [[2, 'has text after a closing quote', '1,"x']],
    ],
    [
      'a quote that is never closed',
      bytes('id,at\n1,x\n2,"y\n3,z\n'),
      [
        ['1', 'x'],
        ['3', 'z'],
      ],
      [[3, 'opens a quote that is never closed', '2,"y']],
    ],
    ['a NUL byte', bytes('id,at\n1,x\0y\n2,z\n'), [['2', 'z']], [[2, 'holds a NUL byte', '1,x␀y']]],
    [
      'half a pair of a surrogate',
      bytes('id,at\n1,x\n2,', [0xed, 0xa0, 0x80], '\n3,z\n'),
      [
        ['1', 'x'],
        ['3', 'z'],
      ],
      [[3, 'holds bytes that are no utf-8', '2,���']],
    ],
    [
      'bytes of another encoding',
      bytes('id,at\n1,Caf', [0xe9], '\n2,Café\n'),
      [['2', 'Café']],
      [[2, 'holds bytes that are no utf-8', '1,Caf�']],
    ],
    [
      'the line behind quoted line breaks',
      bytes('id,at\r\n1,"a\r\nb\nc"\r\n2\r\n3,4\r\n'),
      [
        ['1', 'a\r\nb\nc'],
        ['3', '4'],
      ],
      [[5, 'has 1 field instead of 2', '2']],
    ],
  ])('%s', async (_title, content, rows, unreadable) => {
    expect(await read(content)).toEqual({ rows, unreadable })
    expect(await read(gzipSync(content), {}, 'foul.csv.gz')).toEqual({ rows, unreadable })
  })

  it('a record longer than 16 MiB, without memory for it', async () => {
    const long = Buffer.alloc(100 * 2 ** 20, 'x')
    const content = Buffer.concat([Buffer.from('id,at\n1,2\n3,'), long, Buffer.from('\n5,6\n')])
    const before = process.memoryUsage.rss()
    const { rows, unreadable } = await read(content)
    expect(rows).toEqual([
      ['1', '2'],
      ['5', '6'],
    ])
    expect(unreadable).toEqual([[3, 'is longer than 16 MiB', `3,${'x'.repeat(198)}`]])
    expect(process.memoryUsage.rss() - before).toBeLessThan(400 * 2 ** 20)
  })

  it('half a pair of a surrogate in UTF-16, and an odd byte at the end', async () => {
    const text = Buffer.from('id,at\n1,x\ud800y\n2,\ufffd\n3,z', 'utf16le')
    const csv = { encoding: 'utf-16le' }
    expect(await read(bytes([0xff, 0xfe], [...text], [0x41]), csv)).toEqual({
      rows: [['2', '\ufffd']],
      unreadable: [
        [2, 'holds bytes that are no utf-16le', '1,x\ufffdy'],
        [4, 'holds bytes that are no utf-16le', '3,z\ufffd'],
      ],
    })
  })

  it('a byte that Windows-1252 does not use', async () => {
    expect(await read(bytes('id,at\n1,', [0x80], '\n2,', [0x81], '\n'), { encoding: 'windows-1252' })).toEqual({
      rows: [['1', '€']],
      unreadable: [[3, 'holds bytes that are no windows-1252', '2,\ufffd']],
    })
  })

  it('a line that is no JSON object', async () => {
    const lines = [
      '{"id": 1, "at": "x"}',
      '{"id": 2',
      '[3]',
      'null',
      '{"id": 4, "at": "\\ud800"}',
      '{"id": 5, "at": "a\\u0000"}',
      '{"at": {"day": 1}, "id": 6.5}',
      '',
      '{"id": 7, "at": "\\ud83d\\ude00 \\\\u0000"}',
    ]
    const { rows, unreadable } = await read(lines.join('\n'), undefined, 'foul.jsonl')
    expect(rows).toEqual([
      ['1', 'x'],
      ['6.5', '{"day":1}'],
      ['7', '😀 \\u0000'],
    ])
    expect(unreadable.map(([line, problem]) => [line, String(problem).slice(0, 20)])).toEqual([
      [2, 'is no JSON (Expected'],
      [3, 'is no JSON object'],
      [4, 'is no JSON object'],
      [5, 'holds an escaped NUL'],
      [6, 'holds an escaped NUL'],
    ])
  })
})

describe('a file that cannot be read is an error with its name', () => {
  const whole = gzipSync(['id,at', ...Array.from({ length: 50_000 }, (_, row) => `${row},${row * 7919}`)].join('\n'))
  const damaged = Buffer.from(whole)
  damaged.fill(0, whole.length / 2, whole.length / 2 + 100)
  it.each<[string, string, string | Buffer, Parameters<typeof fileSource>[1], RegExp]>([
    ['nothing in it', 'f.csv', '', {}, /f\.csv is empty/],
    ['gzip by name only', 'f.csv.gz', 'id,at\n1,2\n', {}, /f\.csv\.gz is not gzip/],
    ['gzip without the name', 'f.csv', whole, {}, /f\.csv is gzip/],
    [
      'gzip cut short',
      'f.csv.gz',
      whole.subarray(0, whole.length / 2),
      {},
      /f\.csv\.gz is damaged .* after line \d{4,}/,
    ],
    ['gzip with wrong bytes', 'f.csv.gz', damaged, {}, /f\.csv\.gz is damaged .* after line \d+/],
    ['a workbook', 'f.csv', bytes('PK', [3, 4], 'xxxx'), {}, /f\.csv is a ZIP archive/],
    ['Parquet by name only', 'f.parquet', 'id,at\n1,2\n', {}, /f\.parquet cannot be read as Parquet/],
    ['UTF-16 that is not declared', 'f.csv', Buffer.from('\ufeffid,at\n', 'utf16le'), {}, /f\.csv is UTF-16/],
    ['two columns of one name', 'f.csv', 'id,at,id\n1,2,3\n', {}, /line 1 of f\.csv calls two columns "id"/],
    ['another delimiter', 'f.csv', '\nid;at\n1;2\n', {}, /line 2 of f\.csv has one field, "id;at"/],
    [
      'a header in another encoding',
      'f.csv',
      bytes('id,', [0xe9], '\n'),
      {},
      /line 1 of f\.csv, .* is no text in utf-8/,
    ],
    ['an encoding nobody knows', 'f.csv', 'id\n', { encoding: 'latin-99' }, /latin-99/],
  ])('%s', async (_title, name, content, csv, message) => {
    await expect(read(content, csv, name)).rejects.toMatchObject({
      type: expect.stringMatching(/SourceUnreadable|ConfigInvalid/) as string,
      retry: 'give-up',
      message: expect.stringMatching(message) as string,
      remedy: expect.stringMatching(/.{10}/) as string,
    })
  })
})
