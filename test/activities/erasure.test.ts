import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, utimesSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { artifactLayout } from '../../src/activities/erasure/artifact-layout.ts'
import { makeCachedCustomers } from '../../src/activities/erasure/cached-customers.ts'
import { makeStoredCustomers } from '../../src/activities/erasure/stored-customers.ts'
import { makeErasableFolder } from '../../src/adapters/artifact-store/erasable-folder.ts'
import { makeFileStore } from '../../src/adapters/artifact-store/file-store.ts'
import { openScratch } from '../../src/adapters/artifact-store/scratch.ts'
import { makeDuckDbEngine } from '../../src/adapters/duckdb/engine.ts'
import type { ComputeSession } from '../../src/ports/compute-engine.ts'
import type { CustomerStore, HeldRow } from '../../src/ports/customer-store.ts'
import type { ErasablePlace } from '../../src/ports/erasable-place.ts'
import type { ArtifactFile, Manifest } from '../../src/run/artifact.ts'
import { quoteText } from '../../src/sql/sql-text.ts'
import { bucketOf, shardOf } from '../../src/stages/extract/shards.ts'

const ON = new AbortController().signal
const SHARDS = 3
const address = {
  pipeline: 'shop',
  runKey: 'shop@2026-07-01',
  revision: 1,
  stage: 'cleanse',
  inputDigest: 'a'.repeat(64),
} as const
const folders: string[] = []
const engine = makeDuckDbEngine({ threads: 1 })
afterAll(() => folders.forEach((folder) => rmSync(folder, { recursive: true, force: true })))

function temporary(): string {
  const folder = mkdtempSync(join(tmpdir(), 'resegment-erasure-'))
  folders.push(folder)
  return folder
}

async function heldBy(rows: AsyncIterable<HeldRow>): Promise<readonly HeldRow[]> {
  const held: HeldRow[] = []
  for await (const row of rows) held.push(row)
  return held
}

describe('erasing from the artifact store', () => {
  let root: string
  let scratch: string
  let session: ComputeSession
  let uri: string
  let before: Manifest
  const store = () => makeFileStore({ rootFolder: root, scratchFolder: join(scratch, 'attempts') })
  const storeOf = (place: ErasablePlace = makeErasableFolder(root)): CustomerStore =>
    makeStoredCustomers({
      ...{ name: 'artifacts', place, layout: artifactLayout, prefix: 'dev/', engine },
      openScratch: (label) => openScratch(join(scratch, 'attempts'), label),
    })
  const manifestNow = async () => (await store().readManifest(uri, 'manifest'))!
  const idsOf = async (paths: readonly string[]) =>
    (await session.rows(`SELECT customer_id FROM read_parquet([${paths.map(quoteText).join()}])`)).map(
      (row) => row.customer_id,
    )

  beforeEach(async () => {
    root = temporary()
    scratch = temporary()
    session = await engine.open({ scratchPath: scratch, readablePaths: [root] })
    await session.execute(
      `CREATE TABLE lines AS SELECT ${bucketOf("'c' || n % 40")} AS bucket, 'c' || n % 40 AS customer_id, CAST(n AS INTEGER) AS line, n / 4.0 AS amount FROM range(200) t(n)`,
    )
    const files: ArtifactFile[] = []
    for (const role of ['rows', 'rejects'])
      for (let shard = 0; shard < SHARDS; shard++) {
        const path = join(scratch, `${role}-${shard}.parquet`)
        const written = await session.writeParquet(
          shardOf('SELECT * FROM lines', shard, SHARDS),
          'bucket, customer_id, line',
          path,
        )
        files.push(
          await store().putFile((uri = store().artifactUri('dev/', address)), {
            role,
            shard,
            extension: '.parquet',
            ...written,
          }),
        )
      }
    const text = join(scratch, 'unreadable.parquet')
    const records = `SELECT 'purchases' AS source_name, unnest(['c7;3', 'c77;4', 'x c7', 'abc7']) AS text`
    files.push(
      await store().putFile(uri, {
        role: 'unreadable',
        shard: 0,
        extension: '.parquet',
        ...(await session.writeParquet(records, 'text', text)),
      }),
    )
    const { contentDigest, rowCount } = { contentDigest: 'd'.repeat(64), rowCount: 200 }
    before = { formatVersion: 1, address, shard: null, files, contentDigest, rowCount, summary: { rowsOut: 200 } }
    for (let shard = 0; shard < SHARDS; shard++)
      await store().commitManifest(uri, `part-${shard}`, {
        ...before,
        shard,
        files: files.filter((file) => file.shard === shard),
      })
    await store().commitManifest(uri, 'manifest', before)
  })

  it('takes out the rows of a customer and says so, in the shard that has them; address, digest and counts stay', async () => {
    const erased = await storeOf().erase(['c7', 'nobody'], ON)
    // By hand: 5 of 200 lines, in two roles; of the records those where c7 is a word.
    expect(erased.rows).toBe(5 + 5 + 2)
    const now = await manifestNow()
    expect(now).toMatchObject({
      contentDigest: before.contentDigest,
      rowCount: 200,
      summary: before.summary,
      erased: { customers: 1, rows: 12 },
    })
    const changed = now.files.filter(({ name }, i) => name !== before.files[i]!.name)
    expect(changed.map(({ role }) => role)).toEqual(['rows', 'rejects', 'unreadable'])
    const paths = await Promise.all(
      now.files.filter(({ role }) => role === 'rows').map((file) => store().fetchFile(uri, file)),
    )
    const left = await session.rows(
      `SELECT customer_id, line, amount FROM lines WHERE customer_id <> 'c7' ORDER BY bucket, customer_id, line`,
    )
    expect(
      await session.rows(`SELECT customer_id, line, amount FROM read_parquet([${paths.map(quoteText).join()}])`),
    ).toEqual(left)
    expect((await storeOf().erase(['c7'], ON)).rows).toBe(0)
  })

  it('gives a reader that knows the manifest of before the file of now', async () => {
    await storeOf().erase(['c7'], ON)
    for (const file of before.files.filter(({ role }) => role === 'rows'))
      expect(await idsOf([await store().fetchFile(uri, file)])).not.toContain('c7')
  })

  it('finds exactly what it then erases', async () => {
    const held = await heldBy(storeOf().find(['c7', 'c8'], ON))
    expect(held.filter(({ customerId }) => customerId === 'c7').length).toBe(12)
    const { rows, places } = await storeOf().erase(['c7', 'c8'], ON)
    expect(rows).toBe(held.length)
    expect([...new Set(held.map(({ where }) => where))].sort()).toEqual([...places].sort())
    expect(await heldBy(storeOf().find(['c7', 'c8'], ON))).toEqual([])
  })

  it('is whole at every step: whoever reads by the manifest never misses a file, and another attempt completes it', async () => {
    const place = makeErasableFolder(root)
    for (let steps = 0; ; steps += 1) {
      let left = steps
      const step =
        <A extends unknown[], T>(work: (...given: A) => Promise<T>) =>
        async (...given: A): Promise<T> => {
          if (left === 0) throw new Error('broken off')
          left -= 1
          return work(...given)
        }
      const broken: ErasablePlace = {
        ...place,
        sendFile: step(place.sendFile),
        replaceDocument: step(place.replaceDocument),
        removeForGood: step(place.removeForGood),
      }
      const ended = await storeOf(broken)
        .erase(['c7'], ON)
        .then(
          () => true,
          () => false,
        )
      for (const file of (await manifestNow()).files) await store().fetchFile(uri, file)
      if (ended) break
      expect(steps).toBeLessThan(50)
    }
    expect(await heldBy(storeOf().find(['c7'], ON))).toEqual([])
  })

  it('takes away what a dead attempt left, and waits for what a living one may still commit', async () => {
    const path = join(fileURLToPath(uri), `rows-0-${'0'.repeat(12)}.parquet`)
    await session.writeParquet('SELECT * FROM lines', 'line', path)
    await expect(storeOf().erase(['c7'], ON)).rejects.toThrow('a run is under way')
    expect(statSync(path).size).toBeGreaterThan(0)
    utimesSync(path, 0, 0)
    expect((await storeOf().erase(['c7'], ON)).places).toEqual([`${uri}/${basename(path)}`])
    expect(() => statSync(path)).toThrow('ENOENT')
  })

  it('drops the copies of this machine that have the customer, and no other', async () => {
    const cacheFolder = join(root, 'cache')
    mkdirSync(cacheFolder)
    for (let shard = 0; shard < SHARDS; shard++)
      await session.writeParquet(
        shardOf('SELECT * FROM lines', shard, SHARDS),
        'line',
        join(cacheFolder, `${shard}.parquet`),
      )
    const cached = makeCachedCustomers({
      ...{ cacheFolder, engine: makeDuckDbEngine({ threads: 1, readableFolders: [cacheFolder] }) },
      openScratch: (label) => openScratch(join(scratch, 'attempts'), label),
      removeLeftovers: () => Promise.resolve(),
    })
    const { rows, places } = await cached.erase(['c7'], ON)
    expect([rows, places.length, readdirSync(cacheFolder).length]).toEqual([0, 1, SHARDS - 1])
  })
})
