import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { makeDuckDbEngine } from '../../src/adapters/duckdb/engine.ts'
import type { ComputeEngine } from '../../src/ports/compute-engine.ts'
import type { OpenedSource, SourceReader, SourceView } from '../../src/ports/source-reader.ts'
import type { Source } from '../../src/stages/extract/config.ts'

/** Rows that every kind of source can hold. `note` is never read by the tests of the contract. */
export const contractRows = [
  { id: 'ann', at: '2026-01-01 08:00:00', price: '12.50', note: 'a, "quoted"\nnote' },
  { id: 'bob', at: '2026-02-01 09:30:00', price: null, note: null },
  { id: null, at: null, price: '-3.00', note: '' },
  { id: 'böb ', at: '2030-01-01 00:00:00', price: '0.00', note: '\\N' },
] as const

export interface ReaderUnderTest {
  /** Called once; `contractRows` are in the source by then. */
  open(engine: ComputeEngine, folder: string): Promise<{ reader: SourceReader; source: Source; gone: Source }>
  /** Type of the failure when the source is not there. */
  readonly goneType: string
}

/** What every source reader promises. */
export function describeSourceReader(name: string, subject: ReaderUnderTest): void {
  describe(`source reader: ${name}`, () => {
    const engine = makeDuckDbEngine({ threads: 2 })
    let folder: string
    let opened: Awaited<ReturnType<ReaderUnderTest['open']>>

    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'resegment-reader-'))
      opened = await subject.open(engine, folder)
    })
    afterAll(() => rm(folder, { recursive: true, force: true }))

    const viewed = async <T>(work: (view: SourceView) => Promise<T>): Promise<T> => {
      const view = await opened.reader.open()
      try {
        return await work(view)
      } finally {
        await view.close()
      }
    }
    const read = async (usedColumns: readonly string[], sql: (relation: string) => string) => {
      const { reader, source } = opened
      const scratchPath = await mkdtemp(join(folder, 'scratch-'))
      const session = await engine.open({ scratchPath, readablePaths: reader.folders?.(source) })
      try {
        const request = { source, sourceName: 'lines', usedColumns, asOf: '2040-01-01T00:00:00Z', scratchPath }
        const relation: OpenedSource = await viewed((view) => view.read(session, request, () => undefined))
        return { ...relation, rows: await session.rows(sql(relation.relation)) }
      } finally {
        await session.close()
      }
    }

    it('describes its columns in their order, the same when they are read', async () => {
      const described = await opened.reader.describe(opened.source, 'lines')
      expect(Object.keys(described)).toEqual(['id', 'at', 'price', 'note'])
      const { columns } = await read(Object.keys(described), (relation) => `SELECT 1 FROM ${relation}`)
      expect(columns).toEqual(described)
    })

    it('delivers every row once, NULLs and line breaks included', async () => {
      const { rows, deliveredRows, unreadable } = await read(
        ['id', 'at', 'price', 'note'],
        (relation) =>
          `SELECT id, CAST(CAST("at" AS TIMESTAMP) AS VARCHAR) AS at, CAST(price AS VARCHAR) AS price, coalesce(note, '') AS note
           FROM ${relation} ORDER BY price NULLS LAST, id`,
      )
      const expected = contractRows.map((row) => ({ ...row, note: row.note ?? '' }))
      expect(rows).toHaveLength(4)
      expect(rows).toEqual(expect.arrayContaining(expected))
      expect(deliveredRows).toBe(4)
      expect(unreadable).toEqual({ count: 0, relation: null })
    })

    it('counts rows when no column of theirs is used', async () => {
      const { rows } = await read([], (relation) => `SELECT count(*) AS n FROM ${relation}`)
      expect(rows).toEqual([{ n: 4 }])
    })

    it('shows the first rows as texts, with the columns that it describes', async () => {
      const sample = await viewed((view) => view.sample(opened.source, 'lines', 2))
      expect(sample.columns).toEqual(await opened.reader.describe(opened.source, 'lines'))
      expect(sample.rows).toHaveLength(2)
      expect(sample.lines).toHaveLength(2)
      expect(sample.rows[0]!.map((value) => value ?? '').join('|')).toContain('ann|2026-01-01 08:00:00')
      expect(sample.unreadable).toEqual([])
    })

    it('needs only the columns that are used', async () => {
      const { rows } = await read(
        ['price'],
        (relation) => `SELECT count(*) AS n, count(price) AS priced FROM ${relation}`,
      )
      expect(rows).toEqual([{ n: 4, priced: 3 }])
    })

    it('says what is gone, with a remedy', async () => {
      await expect(opened.reader.describe(opened.gone, 'lines')).rejects.toMatchObject({
        type: subject.goneType,
        retry: 'give-up',
        remedy: expect.stringMatching(/.{20}/) as string,
      })
    })
  })
}
