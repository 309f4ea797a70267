import { mkdirSync, writeFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { makeDuckDbEngine } from '../../src/adapters/duckdb/engine.ts'
import { makeFileReader } from '../../src/adapters/file-source/file-reader.ts'
import { source, type Source } from '../../src/stages/extract/config.ts'
import { contractRows, describeSourceReader } from './source-reader.contract.ts'

const from = (file: string, delimiter?: string): Source =>
  source.parse({ from: { file, csv: delimiter === undefined ? undefined : { delimiter } }, columns: {} })
const field = (value: string | null): string => (value === null ? '' : `"${value.replaceAll('"', '""')}"`)
const csvText = ['id,at,price,note', ...contractRows.map((row) => Object.values(row).map(field).join(',')), ''].join(
  '\n',
)

describeSourceReader('CSV', {
  goneType: 'SourceUnreadable',
  open: (engine, folder) => {
    writeFileSync(join(folder, 'lines.csv'), csvText)
    return Promise.resolve({
      reader: makeFileReader({ engine, projectFolder: folder }),
      source: from('lines.csv'),
      gone: from('linez.csv'),
    })
  },
})

describeSourceReader('CSV, zipped, several files', {
  goneType: 'SourceUnreadable',
  open: (engine, folder) => {
    const [first, second] = [contractRows.slice(0, 1), contractRows.slice(1)]
    for (const [index, rows] of [first, second].entries()) {
      mkdirSync(join(folder, `day=${index}`))
      const text = ['id,at,price,note', ...rows.map((row) => Object.values(row).map(field).join(',')), ''].join('\r\n')
      writeFileSync(join(folder, `day=${index}`, 'lines.csv.gz'), gzipSync(text))
    }
    return Promise.resolve({
      reader: makeFileReader({ engine, projectFolder: folder }),
      source: from('day=*/lines.csv.gz'),
      gone: from('day=*/linez.csv.gz'),
    })
  },
})

describeSourceReader('Parquet', {
  goneType: 'SourceUnreadable',
  open: async (engine, folder) => {
    const session = await engine.open({ scratchPath: folder })
    await session.createTable('lines', {
      rowCount: contractRows.length,
      columns: Object.fromEntries(
        (['id', 'at', 'price', 'note'] as const).map((name) => [name, contractRows.map((row) => row[name])]),
      ),
    })
    await session.execute(
      `COPY (SELECT * REPLACE (CAST("at" AS TIMESTAMP) AS "at", CAST(price AS DECIMAL(9, 2)) AS price) FROM lines) TO '${join(folder, 'lines.parquet')}' (FORMAT parquet)`,
    )
    await session.close()
    return {
      reader: makeFileReader({ engine, projectFolder: folder }),
      source: from('lines.parquet'),
      gone: from('x.parquet'),
    }
  },
})

describe('files as people have them', () => {
  const engine = makeDuckDbEngine({ threads: 1 })
  let folder: string
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'resegment-files-'))
  })
  afterAll(() => rm(folder, { recursive: true, force: true }))

  const look = (name: string, content: string | Buffer, file = name, delimiter?: string) => {
    writeFileSync(join(folder, name), content)
    return makeFileReader({ engine, projectFolder: folder }).describe(from(file, delimiter), 'lines')
  }

  const read = async (file: string, usedColumns: readonly string[]) => {
    const view = await makeFileReader({ engine, projectFolder: folder }).open()
    const scratchPath = await mkdtemp(join(folder, 'scratch-'))
    const session = await engine.open({ scratchPath, readablePaths: [folder] })
    try {
      const request = { source: from(file), sourceName: 'lines', usedColumns, asOf: null, scratchPath }
      const opened = await view.read(session, request, () => undefined)
      return { ...opened, rows: await session.rows(`SELECT * FROM ${opened.relation}`) }
    } finally {
      await session.close()
      await view.close()
    }
  }

  it.each([
    ['begin with a byte-order mark', '\ufeffid,at\n1,2\n', undefined],
    ['end lines as Windows does', 'id,at\r\n1,2\r\n', undefined],
    ['hold a header only', 'id,at\n', undefined],
    ['separate with semicolons', 'id;at\n1;2\n', ';'],
    ['hold only texts', 'id,at\nx,y\n', undefined],
  ])('%s', async (_title, content, delimiter) => {
    expect(await look('people.csv', content, 'people.csv', delimiter)).toEqual({ id: 'VARCHAR', at: 'VARCHAR' })
  })

  it.each([
    ['empty.csv', '', 'is empty'],
    ['text.csv.gz', 'id,at\n1,2\n', 'is not gzip'],
    ['text.parquet', 'id,at\n1,2\n', 'Parquet'],
  ])('are refused when they are not what they say: %s', async (name, content, message) => {
    await expect(look(name, content)).rejects.toMatchObject({
      type: 'SourceUnreadable',
      message: expect.stringMatching(new RegExp(`${name}.*${message}`)) as string,
    })
  })

  it('are refused when a zipped one is cut short: the engine alone would read what is left', async () => {
    const whole = gzipSync(['id,at', ...Array.from({ length: 50_000 }, (_, row) => `${row},${row * 7919}`)].join('\n'))
    writeFileSync(join(folder, 'cut.csv.gz'), whole.subarray(0, whole.length / 2))
    const view = await makeFileReader({ engine, projectFolder: folder }).open()
    const session = await engine.open({ scratchPath: join(folder, 's'), readablePaths: [folder] })
    const request = {
      source: from('cut.csv.gz'),
      sourceName: 'lines',
      usedColumns: ['id'],
      asOf: '2026-10-01T00:00:00Z',
      scratchPath: join(folder, 's'),
    }
    await expect(view.read(session, request, () => undefined)).rejects.toMatchObject({
      type: 'SourceUnreadable',
      message: expect.stringContaining('damaged or incomplete') as string,
    })
    await session.close()
    await view.close()
  })

  it('may have their columns in another order, and columns of their own', async () => {
    writeFileSync(join(folder, 'a1.csv'), 'id,at\n1,2\n')
    expect(await look('a2.csv', 'at,note,id\n4,x,3\n', 'a*.csv')).toEqual({
      id: 'VARCHAR',
      at: 'VARCHAR',
      note: 'VARCHAR',
    })
    const { rows } = await read('a*.csv', ['id', 'at'])
    expect(rows).toEqual([
      { id: '1', at: '2' },
      { id: '3', at: '4' },
    ])
  })

  it('are refused when one of several lacks a column that is used', async () => {
    writeFileSync(join(folder, 'b1.csv'), 'id,at\n1,2\n')
    writeFileSync(join(folder, 'b2.csv'), 'id\n1\n')
    await expect(read('b*.csv', ['id', 'at'])).rejects.toMatchObject({
      type: 'SourceSchemaChanged',
      message: expect.stringContaining('b2.csv has no column at; it has id') as string,
    })
  })
})
