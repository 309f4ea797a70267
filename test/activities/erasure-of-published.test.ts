import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { publishedLayout } from '../../src/activities/erasure/published-layout.ts'
import { makeStoredCustomers } from '../../src/activities/erasure/stored-customers.ts'
import { makeErasableFolder } from '../../src/adapters/artifact-store/erasable-folder.ts'
import { openScratch } from '../../src/adapters/artifact-store/scratch.ts'
import { makeDuckDbEngine } from '../../src/adapters/duckdb/engine.ts'
import { quoteText } from '../../src/sql/sql-text.ts'

const ON = new AbortController().signal
const engine = makeDuckDbEngine({ threads: 1 })
const root = mkdtempSync(join(tmpdir(), 'resegment-published-'))
const scratch = mkdtempSync(join(tmpdir(), 'resegment-published-'))
afterAll(() => [root, scratch].forEach((folder) => rmSync(folder, { recursive: true, force: true })))

describe('erasing from published files', () => {
  it('keeps what readers know a file by: schema, order, row groups, what it says of itself; and the manifest true', async () => {
    const folder = join(root, 'dev/shop/run=shop@2026-07-01~1')
    mkdirSync(join(folder, 'memberships'), { recursive: true })
    const session = await engine.open({ scratchPath: scratch, readablePaths: [root] })
    const part = `memberships/part-00000-${'f'.repeat(12)}.parquet`
    const rows = `SELECT 'shop-' || n % 3 AS segment_key, 'c' || n AS customer_id, n / 7.0 AS confidence FROM range(250000) t(n)`
    const metadata = { 'resegment.table': 'memberships', 'resegment.digest': 'f'.repeat(64) }
    await session.writeParquet(rows, 'segment_key, customer_id', join(folder, part), [], {
      rowGroupRows: 122_880,
      metadata,
    })
    const csv = 'customer_id,segment_key,segment_name\nc6,shop-0,"Big, and ""loud"""\nc7,shop-0,"two\nlines"\n'
    writeFileSync(join(folder, 'shop-0.csv'), csv)
    const fileOf = (path: string, table: string | null, count: number) => {
      const bytes = readFileSync(join(folder, path))
      return { path, table, bytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex'), rows: count }
    }
    const files = [fileOf(part, 'memberships', 250_000), fileOf('shop-0.csv', null, 2)]
    const manifest = {
      customers: 250_000,
      digest: 'f'.repeat(64),
      tables: { memberships: { rows: 250_000, columns: [] } },
      files,
    }
    writeFileSync(join(folder, 'manifest.json'), JSON.stringify(manifest))
    const published = makeStoredCustomers({
      ...{ name: 'published', place: makeErasableFolder(root), layout: publishedLayout, prefix: 'dev/', engine },
      openScratch: (label) => openScratch(join(scratch, 'attempts'), label),
    })
    const describeFile = async (path: string) => ({
      schema: await session.rows(`SELECT name, type, converted_type FROM parquet_schema(${quoteText(path)})`),
      said: await session.rows(
        `SELECT decode(key) AS key, decode(value) AS value FROM parquet_kv_metadata(${quoteText(path)}) ORDER BY ALL`,
      ),
      groups: await session.rows(
        `SELECT DISTINCT row_group_id, row_group_num_rows AS rows FROM parquet_metadata(${quoteText(path)}) ORDER BY ALL`,
      ),
      compression: await session.rows(`SELECT DISTINCT compression FROM parquet_metadata(${quoteText(path)})`),
    })
    const was = await describeFile(join(folder, part))

    expect((await published.erase(['c7', 'c8'], ON)).rows).toBe(3)

    const now = JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8')) as typeof manifest & { erased: unknown }
    expect(now).toMatchObject({
      customers: 250_000,
      erased: { customers: 2 },
      tables: { memberships: { rows: 249_998 } },
    })
    for (const { path, table, rows: count } of now.files) expect(now.files).toContainEqual(fileOf(path, table, count))
    const [rewritten, list] = now.files.map(({ path }) => join(folder, path)) as [string, string]
    expect(basename(rewritten)).toMatch(/^part-00000-without-[0-9a-f]{12}-f{12}\.parquet$/)
    const is = await describeFile(rewritten)
    expect({ ...is, groups: null, schema: null }).toEqual({ ...was, groups: null, schema: null })
    expect(is.schema.slice(1)).toEqual(was.schema.slice(1))
    expect(is.groups.map(({ rows: count }) => count)).toEqual([122_880, 122_880, 249_998 - 2 * 122_880])
    const order = await session.rows(
      `SELECT count(*) AS n FROM (SELECT segment_key || ' ' || customer_id < lag(segment_key || ' ' || customer_id) OVER (ORDER BY file_row_number) AS back FROM read_parquet(${quoteText(rewritten)}, file_row_number = true)) WHERE back`,
    )
    expect(order).toEqual([{ n: 0 }])
    expect(readFileSync(list, 'utf8')).toBe('customer_id,segment_key,segment_name\nc6,shop-0,"Big, and ""loud"""\n')
    expect(readdirSync(dirname(rewritten))).toHaveLength(1)

    // A second one replaces the first, and counts on.
    await published.erase(['c9'], ON)
    const then = JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8')) as typeof now
    expect(then.erased).toEqual({ customers: 3 })
    expect(basename(then.files[0]!.path)).toMatch(/^part-00000-without-[0-9a-f]{12}-f{12}\.parquet$/)
    await session.close()
  })
})
