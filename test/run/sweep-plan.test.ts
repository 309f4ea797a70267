import { describe, expect, it } from 'vitest'
import { planSweep, type RecordedRun, type StoredObject } from '../../src/run/sweep-plan.ts'
import { wasPublished, type RunState } from '../../src/run/run-status.ts'

const NOW = '2026-12-31T00:00:00.000Z'
const MANIFEST = 's3://acme/prod/shop/run=shop@2026-10-01~1/manifest.json'
const retention = { orphans: 14, candidates: 90, dryRuns: 14, rejects: 30, effects: 365 }

const file = (uri: string, daysOld: number): StoredObject => ({
  uri,
  bytes: 10,
  modifiedAt: new Date(Date.parse(NOW) - daysOld * 86_400_000).toISOString(),
})
const run = (state: RunState, manifestUri: string | null = null, revision = 1): RecordedRun => ({
  ...{ runKey: 'shop@2026-10-01', revision, state, manifestUri },
  publishedAt: wasPublished({ status: state }) ? '2026-10-02T06:00:00.000Z' : null,
})
const sweep = (found: Partial<Parameters<typeof planSweep>[0]>) =>
  planSweep({
    pipeline: 'shop',
    published: [],
    artifacts: [],
    rejects: [],
    dryRuns: [],
    runs: [],
    retention,
    now: NOW,
    ...found,
  })

describe('published files', () => {
  const part = 's3://acme/prod/shop/run=shop@2026-10-01~1/memberships/part-00000-0a1b2c0a1b2c.parquet'

  it('without a manifest go when the newest of them is old, whether the run is known or not', () => {
    for (const runs of [[], [run('failed')], [run('cancelled')]])
      expect(sweep({ published: [file(part, 15)], runs })).toEqual([
        { kind: 'unpublished', run: 'shop@2026-10-01~1', uris: [part], bytes: 10 },
      ])
    expect(sweep({ published: [file(part, 90), file(`${part}2`, 13)] })).toEqual([])
  })

  it('of a run that is at work or held stay', () => {
    for (const state of ['running', 'held'] as const)
      expect(sweep({ published: [file(part, 99), file(MANIFEST, 99)], runs: [run(state)] })).toEqual([])
  })

  it('whose manifest a run refers to stay, whatever became of the run', () => {
    for (const state of ['published', 'superseded', 'rolled_back', 'failed'] as const)
      expect(sweep({ published: [file(part, 999), file(MANIFEST, 999)], runs: [run(state, MANIFEST)] })).toEqual([])
  })

  it('of a failed run that no manifest_uri names go, the manifest first', () => {
    const [found] = sweep({ published: [file(part, 15), file(MANIFEST, 15)], runs: [run('failed')] })
    expect(found!.uris).toEqual([MANIFEST, part])
  })

  it('with a manifest stay when the warehouse knows no such run: it may be the wrong one', () => {
    expect(sweep({ published: [file(part, 999), file(MANIFEST, 999)] })).toEqual([])
  })

  it('stay where somebody else put them', () => {
    const others = ['s3://acme/prod/shop/latest.json', 's3://acme/prod/shop/notes/x', 's3://acme/prod/shop/run=mine/x']
    expect(sweep({ published: others.map((uri) => file(uri, 999)) })).toEqual([])
  })
})

describe('artifacts', () => {
  const folder = 's3://acme-artifacts/prod/shop/shop@2026-10-01~1'
  const rows = `${folder}/cleanse-0123456789abcdef/rows-0-0a1b2c0a1b2c.parquet`
  const apart = 's3://acme-artifacts/prod/rejects/shop/shop@2026-10-01~1'
  const refused = `${apart}/cleanse-0123456789abcdef/rejects-0-0a1b2c0a1b2c.parquet`
  const ofOverrides = `${apart}/validate-0123456789abcdef/rejects_overrides-0-0a1b2c0a1b2c.parquet`

  it('of a run that was not published go when they are old', () => {
    for (const state of ['rejected', 'failed', 'cancelled'] as const) {
      expect(sweep({ artifacts: [file(rows, 91)], runs: [run(state)] })).toMatchObject([{ kind: 'candidate' }])
      expect(sweep({ artifacts: [file(rows, 89)], runs: [run(state)] })).toEqual([])
    }
  })

  it('of a held or published run stay, but for the rejected rows of a published one', () => {
    const stored = { artifacts: [file(rows, 999)], rejects: [file(refused, 999), file(ofOverrides, 31)] }
    expect(sweep({ ...stored, runs: [run('held')] })).toEqual([])
    expect(sweep({ ...stored, runs: [run('published')] })).toEqual([
      { kind: 'rejects', run: 'shop@2026-10-01~1', uris: [refused, ofOverrides], bytes: 20 },
    ])
    expect(sweep({ rejects: [file(refused, 999), file(ofOverrides, 29)], runs: [run('published')] })).toEqual([])
  })

  it('of dry runs of this pipeline go when they are old', () => {
    const dryRuns = [
      file(
        's3://acme-artifacts/prod/dry-run/0123/7f3a/shop/shop@2026-10-01~1/extract-0123456789abcdef/manifest.json',
        15,
      ),
      file(
        's3://acme-artifacts/prod/dry-run/0123/7f3a/other/other@2026-10-01~1/extract-0123456789abcdef/manifest.json',
        15,
      ),
    ]
    expect(sweep({ dryRuns, runs: [run('published')] })).toMatchObject([{ kind: 'dry-run', uris: [dryRuns[0]!.uri] }])
  })
})
