import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readWritten, type fileSource } from './read-file.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'resegment-usual-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const bytes = (...parts: readonly (string | readonly number[])[]): Buffer =>
  Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : Buffer.from(part))))
const read = (content: string | Buffer, csv?: Parameters<typeof fileSource>[1], name = 'usual.csv') =>
  readWritten(folder, name, content, csv)

describe('a file as people have them gives its rows', () => {
  const rows = [
    ['1', 'x'],
    ['2', 'y'],
  ]
  it.each<[string, string | Buffer, Parameters<typeof fileSource>[1]]>([
    ['a byte-order mark', '\ufeffid,at\n1,x\n2,y\n', {}],
    ['lines that end as on Windows', 'id,at\r\n1,x\r\n2,y\r\n', {}],
    ['lines that end as on old Macs', 'id,at\r1,x\r2,y\r', {}],
    ['lines that end in three ways', 'id,at\r\n1,x\n2,y\r', {}],
    ['no line break at the end', 'id,at\n1,x\n2,y', {}],
    ['empty lines', '\nid,at\n\n1,x\n\n\n2,y\n\n', {}],
    ['blanks around quotes', 'id, at\n"1" , "x"\n2, "y" \n', {}],
    ['lines before the header', 'made by "us\n\nid,at\n1,x\n2,y\n', { skipLines: 2 }],
    ['no header', '1,x\n2,y\n', { header: false }],
    ['names given by hand', '1,x\n2,y\n', { header: ['id', 'at'] }],
    ['another quote', "id;at\n'1';'x'\n2;y\n", { delimiter: ';', quote: "'" }],
    ['a delimiter beyond ASCII', 'id§at\n1§x\n2§y\n', { delimiter: '§' }],
    ['columns aligned with blanks', '  id   at \n 1      x\n 2\ty\n', { delimiter: ' ' }],
    ['UTF-16 with a mark', Buffer.from('\ufeffid,at\r\n1,x\r\n2,y\r\n', 'utf16le'), { encoding: 'utf-16le' }],
    ['UTF-16, big end first', Buffer.from('\ufeffid,at\n1,x\n2,y\n', 'utf16le').swap16(), { encoding: 'utf-16be' }],
  ])('%s', async (_title, content, csv) => {
    expect(await read(content, csv)).toEqual({ rows, unreadable: [] })
  })

  it('quotes that are a part of the text, and NULLs of its own', async () => {
    const content = 'id,at\n1,5" pipe\nN/A,"N/A"\n"",NULL\n'
    expect((await read(content, { nulls: ['N/A', 'NULL'] })).rows).toEqual([
      ['1', '5" pipe'],
      [null, null],
      [null, null],
    ])
  })

  it('quotes that mean nothing', async () => {
    expect((await read('id\tat\n1\t"5 inch\n2\tx\n', { quote: '' }, 'usual.tsv')).rows).toEqual([
      ['1', '"5 inch'],
      ['2', 'x'],
    ])
  })

  it('numbers and texts in one column, unchanged', async () => {
    expect((await read('id,at\n1,007\n2,1e3\n3,x\n')).rows).toEqual([
      ['1', '007'],
      ['2', '1e3'],
      ['3', 'x'],
    ])
  })

  it('one column, where an empty line is no record', async () => {
    expect((await read('id\n1\n\n""\n2\n')).rows).toEqual([['1'], [null], ['2']])
  })

  it('a cell of 10 MB', async () => {
    const cell = 'ä'.repeat(5_000_000)
    const { rows, unreadable } = await read(`id,at\n1,"${cell}"\n2,y\n`)
    expect(rows.map(([id, at]) => [id, String(at).length])).toEqual([
      ['1', 5_000_000],
      ['2', 1],
    ])
    expect(unreadable).toEqual([])
  })

  it('a header only', async () => {
    expect(await read('id,at\n')).toEqual({ rows: [], unreadable: [] })
  })

  it.each([
    ['windows-1252', [0x80, 0x20, 0xdf, 0xe9], '€ ßé'],
    ['iso-8859-15', [0xa4, 0x20, 0xe9], '€ é'],
    ['shift_jis', [0x8c, 0xda, 0x8b, 0x71, 0x83, 0x5c], '顧客ソ'],
    ['gb18030', [0xbf, 0xcd, 0xbb, 0xa7], '客户'],
    ['koi8-r', [0xeb, 0xcf, 0xd4], 'Кот'],
  ])('%s', async (encoding, cell, text) => {
    expect((await read(bytes('id,at\n1,', cell, '\n'), { encoding })).rows).toEqual([['1', text]])
  })
})
