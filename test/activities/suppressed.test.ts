import { createHmac } from 'node:crypto'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { padsOf } from '../../src/adapters/warehouse/privacy/customer-hash.ts'
import { makeSuppressions } from '../../src/adapters/warehouse/privacy/suppressions.ts'
import { putOut } from '../../src/activities/put-out.ts'
import type { ObjectDestination, Publication } from '../../src/ports/destination.ts'
import type { SuppressedHashes, Suppressions } from '../../src/ports/suppression.ts'
import { makeCandidate, members } from '../adapters/warehouse/candidate.ts'
import { openFreshSchema, type FreshSchema } from '../adapters/warehouse/fresh-schema.ts'
import { ExtractBench, withSources } from './extract-bench.ts'

const KEY = Buffer.from('a key of more than sixty-four bytes, which HMAC hashes before it is padded to a block')

/** Hashed by Node, not by the engine. */
function listOf(...ids: readonly string[]): SuppressedHashes {
  const hashes = ids.map((id) => createHmac('sha256', KEY).update(id).digest('hex')).sort()
  return { hashes, digest: hashes.join(), pads: padsOf(KEY) }
}

describe('customers on the suppression list, when sources are read,', () => {
  let bench: ExtractBench
  beforeAll(async () => {
    bench = await ExtractBench.open()
  })
  afterAll(() => bench.close())

  const lines = ['a1,2026-01-01,1,1,1', 'a2,2026-01-02,2,1,1', 'Zoë,2026-01-03,3,1,1', 'c1,2026-01-04,4,1,1']
  const withLinks = () =>
    withSources(
      bench.csv(lines),
      { ids: { from: bench.file('ids.csv', ['old,new', 'a1,a2']), columns: { other_id: 'old', customer_id: 'new' } } },
      { transactions: 'lines', identities: 'ids' },
    )

  it('reach no artifact, under whichever of their ids they are listed, and are counted apart', async () => {
    const given = withLinks()
    for (const listed of ['a1', 'a2']) {
      const { ref, counts } = await bench.run({ ...given, suppressed: listOf(listed, 'Zoë', 'nobody') })
      expect(await bench.query(ref, 'SELECT customer_id FROM raw')).toEqual([{ customer_id: 'c1' }])
      expect(counts).toMatchObject({ rowsIn: 4, rowsOut: 1 })
      const { summary } = await bench.manifest(ref)
      expect(summary).toMatchObject({ suppressed: 2, excluded: {} })
    }
  })

  it('decide where the artifact is, so that a retry after the list has grown finds none that holds them', async () => {
    const given = bench.csv(lines)
    const [all, again] = [await bench.run(given), await bench.run(given)]
    const without = await bench.run({ ...given, suppressed: listOf('c1') })
    expect(again.ref).toEqual(all.ref)
    expect(without.ref.uri).not.toBe(all.ref.uri)
    expect(without.counts.inputHash).not.toBe(all.counts.inputHash)
    // Nobody of the list is in the sources: the rows are the same.
    const others = await bench.run({ ...given, suppressed: listOf('nobody') })
    expect(others.ref.contentDigest).toBe(all.ref.contentDigest)
    expect(others.counts.inputHash).toBe(all.counts.inputHash)
  })
})

describe('customers who came onto the suppression list while a run was held', () => {
  let target: FreshSchema
  let suppressions: Suppressions
  let files: Publication | undefined
  const first = members('a shop-1, b shop-1, c shop-2')
  const second = members('a shop-1, b shop-2, c shop-1, d shop-2')
  beforeEach(async () => {
    target = await openFreshSchema()
    suppressions = makeSuppressions(target)
  })
  afterEach(async () => {
    await suppressions.close()
    await target.close()
  })

  const objects: Partial<ObjectDestination> = {
    async writeRun(_session, publication) {
      files = publication
      return 's3://lake/manifest.json'
    },
    pointLatest: async () => undefined,
  }
  const put = (publication: Publication) =>
    putOut(
      { warehouse: () => target.warehouse, ledger: () => target.ledger, objects: () => objects as ObjectDestination },
      target.session,
      publication,
      { scratchPath: target.scratchPath, signal: new AbortController().signal },
    )

  async function held(): Promise<Publication> {
    const { runId } = await target.publish({ asOf: '2026-07-01T00:00:00.000Z', members: first })
    const before = { runId, members: first }
    return makeCandidate(target, { asOf: '2026-10-01T00:00:00.000Z', members: second, before, shards: 2 })
  }

  it('are in neither its files nor its tables nor its counts, which say how many were left out', async () => {
    const candidate = await held()
    await suppressions.add({ customerIds: ['b', 'd', 'x'], pipelines: null, by: 'crm', reason: 'objected' })
    const { outcome } = await put(candidate)
    expect(outcome).toMatchObject({ customers: 2, leftOut: 2 })
    const rows = files!.rowFiles.map((file) => `'${file}'`).join(', ')
    expect(await target.session.rows(`SELECT customer_id FROM read_parquet([${rows}]) ORDER BY 1`)).toEqual([
      { customer_id: 'a' },
      { customer_id: 'c' },
    ])
    // By hand: of four customers a stayed and c moved; b, who moved, and d, who was new, are left out.
    const transitions = [
      { from: 'shop-1', to: 'shop-1', customers: 1 },
      { from: 'shop-2', to: 'shop-1', customers: 1 },
    ]
    expect(
      files!.validation.transitions.map(({ fromSegmentKey: from, toSegmentKey: to, customers }) => ({
        ...{ from, to, customers },
      })),
    ).toEqual(expect.arrayContaining(transitions))
    expect(files!.validation).toMatchObject({ customers: 2, panel: 2, moved: 1 })
    expect(
      await target.query(`select from_segment_key as "from", to_segment_key as "to", customers::int from segment_transitions
        where run_key = 'shop@2026-10-01' order by 1, 2`),
    ).toEqual(transitions)
    expect(await target.query('select segment_key, customers::int, share from segments order by 1')).toEqual([
      { segment_key: 'shop-1', customers: 2, share: 1 },
      { segment_key: 'shop-2', customers: 0, share: 0 },
    ])
    expect(await target.query('select customer_id from customer_segments order by 1')).toEqual([
      { customer_id: 'a' },
      { customer_id: 'c' },
    ])
  })

  it('are left out in the transaction that switches, when they come between files and tables', async () => {
    const candidate = await held()
    const { outcome } = await putOut(
      { warehouse: () => target.warehouse, ledger: () => target.ledger, objects: () => undefined },
      target.session,
      candidate,
      {
        ...{ scratchPath: target.scratchPath, signal: new AbortController().signal },
        beforeSwitch: async () => {
          await suppressions.add({ customerIds: ['b'], pipelines: ['shop'], by: 'crm', reason: 'objected' })
        },
      },
    )
    expect(outcome).toMatchObject({ customers: 3, leftOut: 1 })
    expect(await target.query(`select customer_id from customer_segments where customer_id = 'b'`)).toEqual([])
  })

  it('and were erased meanwhile are in no count, though no file has them any more', async () => {
    const candidate = await held()
    await suppressions.add({ customerIds: ['b', 'c'], pipelines: null, by: 'crm', reason: 'erased, and objected' })
    // As erasing leaves it: b in no file, all figures as they were validated.
    const rowFiles = await Promise.all(
      candidate.rowFiles.map(async (file, i) => {
        const path = join(target.scratchPath, `erased-${i}.parquet`)
        const left = `SELECT * FROM read_parquet('${file}') WHERE customer_id <> 'b'`
        await target.session.writeParquet(left, 'bucket, customer_id', path)
        return path
      }),
    )
    const { outcome } = await put({ ...candidate, rowFiles, isErasedFrom: true })
    expect(outcome).toMatchObject({ customers: 2, leftOut: 2 })
    expect(await target.query('select segment_key, customers::int from segments order by 1')).toEqual([
      { segment_key: 'shop-1', customers: 1 },
      { segment_key: 'shop-2', customers: 1 },
    ])
    expect(await target.query('select customer_id from customer_segments order by 1')).toEqual([
      { customer_id: 'a' },
      { customer_id: 'd' },
    ])
  })

  it('of another pipeline are published', async () => {
    const candidate = await held()
    await suppressions.add({ customerIds: ['b'], pipelines: ['other'], by: 'crm', reason: 'objected' })
    expect((await put(candidate)).outcome).toMatchObject({ customers: 4, leftOut: 0 })
  })

  it('are back with the next run once the objection is taken back, and no earlier', async () => {
    const candidate = await held()
    const wish = { customerIds: ['b'], pipelines: null, by: 'crm', reason: 'objected' }
    expect(await suppressions.add(wish)).toMatchObject({ changed: 1, withdrawn: [{ pipeline: 'shop', customers: 1 }] })
    expect(await suppressions.add(wish)).toMatchObject({ changed: 0, withdrawn: [] })
    expect(await suppressions.undo(wish)).toMatchObject({ changed: 1 })
    const seen = (): Promise<unknown[]> =>
      target.query(`select segment_key from customer_segments where customer_id = 'b'`)
    expect(await seen()).toEqual([])
    // What people decided about was compared with a state that the withdrawal has changed: b comes back as it was found.
    await expect(put(candidate)).resolves.toMatchObject({ outcome: { customers: 4, leftOut: 0 } })
    expect(await seen()).toEqual([{ segment_key: 'shop-2' }])
  })
})
