import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import type { HeldRow } from '../../src/ports/customer-store.ts'
import { artifactFileUri } from '../../src/run/artifact-files.ts'
import { searchDatabase, searchFiles, searchHistories, storedBy } from './byte-search.ts'
import { hasCdnow, MARK, openPlanted, PLANTED, QUARTERS, REJECTED, UNREADABLE } from './planted-quarters.ts'
import type { TestProject, WorkerProcess } from './project.ts'

const IDS = [...PLANTED, REJECTED, UNREADABLE]
/** Of the sample: Fader & Hardie's 2,357 customers. */
const CUSTOMERS = 2_357
if (!hasCdnow) console.warn('Skipped: the public data sets are not beside the repository (../shared/data).')

interface Exported {
  readonly unknown: number
  readonly stores: readonly { readonly store: string; readonly rows: readonly HeldRow[] }[]
}

interface PublishedManifest {
  readonly customers?: number
  readonly erased: { readonly customers: number }
  readonly tables?: { readonly memberships: { readonly rows: number } }
  readonly files: readonly { readonly path?: string; readonly name?: string; readonly sha256: string }[]
}

describe.skipIf(!hasCdnow)('erasing customers of four published quarters', () => {
  let project: TestProject
  let worker: WorkerProcess
  beforeAll(async () => {
    project = await openPlanted('erasure')
    worker = await project.startWorkerProcess()
    for (const asOf of QUARTERS) await project.run(['cdnow', '--as-of', asOf])
  })
  afterAll(() => project.close())

  const s3 = (): string => join(inject('stateFolder'), 's3')
  const searchEverywhere = async () => ({
    files: await searchFiles(storedBy(inject('stateFolder'), project.target), MARK),
    caches: await searchFiles([project.variables.RESEGMENT_CACHE!], MARK),
    database: await searchDatabase(project.variables.WAREHOUSE_URL!, MARK),
    histories: await searchHistories(project.variables, project.target, MARK),
    log: worker
      .output()
      .split('\n')
      .filter((line) => line.includes(MARK)),
  })
  const exported = async (...args: string[]): Promise<Exported> => {
    const { code, stdout, stderr } = await project.cli(['export', ...args, '--json'])
    expect(code, stderr).toBe(0)
    return JSON.parse(stdout) as Exported
  }
  /** Files of the manifests under a folder, which must be there as the manifest says. */
  const readManifests = (bucket: string, name: RegExp): readonly PublishedManifest[] =>
    readdirSync(join(s3(), bucket), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && name.test(join(entry.parentPath, entry.name)))
      .map((entry) => {
        const path = join(entry.parentPath, entry.name)
        const manifest = JSON.parse(readFileSync(path, 'utf8')) as PublishedManifest
        for (const file of manifest.files) {
          const bytes = readFileSync(artifactFileUri(dirname(path), file.path ?? file.name!))
          expect(createHash('sha256').update(bytes).digest('hex')).toBe(file.sha256)
        }
        return manifest
      })

  it('removes what export found, and leaves their ids nowhere; what was published still adds up, and the next quarter goes on without them', async () => {
    await expect
      .poll(async () => (await project.sql("select 1 from destination_syncs where state = 'sent'")).length, {
        timeout: 120_000,
        interval: 500,
      })
      .toBe(QUARTERS.length)
    // What is not found before would prove nothing afterwards.
    const before = await searchEverywhere()
    for (const kind of [
      'extract',
      'cleanse',
      'features',
      'cluster',
      'validate',
      'rejects',
      'unreadable',
      'overrides',
      'memberships',
      'reasons',
      'audiences',
    ])
      expect(
        before.files.filter((path) => path.includes(kind)),
        kind,
      ).not.toEqual([])
    expect(before.caches).not.toEqual([])
    expect(before.database).not.toEqual([])
    expect([before.histories, before.log]).toEqual([[], []])

    const held = await exported(...IDS)
    expect(held.unknown).toBe(0)
    const idFile = join(project.folder, 'ids.txt')
    project.write('ids.txt', IDS.join('\n'))
    const forgotten = await project.cli(['forget', '--file', idFile, '--yes', '--json', '--reason', 'asked to'])
    expect(forgotten.code, forgotten.stdout + forgotten.stderr).toBe(0)
    const { erasures } = JSON.parse(forgotten.stdout) as { erasures: { stores: { store: string; rows: number }[] }[] }
    const removed = new Map(erasures[0]!.stores.map(({ store, rows }) => [store, rows]))
    const files = held.stores.filter(({ store }) => !store.startsWith('warehouse'))
    // The destination heard of their leaving, and wrote its lists of the live run again.
    const isListed = ({ where }: HeldRow) => /audiences\/mail\/run=cdnow@1998-07-01/.test(where)
    for (const { store, rows } of files)
      expect(removed.get(store), store).toBe(rows.filter((row) => !isListed(row)).length)
    for (const { store } of held.stores) expect(removed.has(store), store).toBe(true)

    expect(await searchEverywhere()).toEqual({ files: [], caches: [], database: [], histories: [], log: [] })
    const again = await exported(...IDS)
    expect([again.unknown, again.stores.flatMap(({ rows }) => rows)]).toEqual([IDS.length, []])

    const runs = readManifests('segments-erasure', /cdnow\/run=[^/]+\/manifest\.json$/)
    expect(
      runs.map(({ customers, erased, tables }) => [customers, erased.customers, tables!.memberships.rows]),
    ).toEqual(QUARTERS.map(() => [CUSTOMERS, PLANTED.length, CUSTOMERS - PLANTED.length]))
    expect(
      readManifests('segments-erasure', /audiences\/mail\/run=[^/]+\/manifest\.json$/).length,
    ).toBeGreaterThanOrEqual(QUARTERS.length)
    const artifacts = readManifests('segments-erasure-artifacts', /-[0-9a-f]{16}\/manifest\.json$/)
    // Five stages a quarter; model and validation documents stay as they are.
    expect(artifacts.filter(({ erased }) => erased as unknown).length).toBe(5 * QUARTERS.length)

    // Nobody can tell whose a record is that is no row: it has to go from the source. Rows of the erased are still there.
    const lines = project.read('purchases.csv').split('\n')
    project.write('purchases.csv', lines.filter((line) => !line.startsWith(UNREADABLE)).join('\n'))
    const next = await project.run(['cdnow', '--as-of', '1998-10-01'])
    expect(next.status).toBe('published')
    expect(next.segments.reduce((sum, { customers }) => sum + customers, 0)).toBe(CUSTOMERS - PLANTED.length)
    expect(
      (await project.sql("select 1 from segment_transitions where run_key = 'cdnow@1998-10-01'")).length,
    ).toBeGreaterThan(0)
    const diff = await project.cli(['diff', 'cdnow@1997-10-01', 'cdnow@1998-10-01', '--json'])
    expect(diff.code, diff.stderr).toBe(0)
    expect(await searchEverywhere()).toEqual({ files: [], caches: [], database: [], histories: [], log: [] })
  })
})
