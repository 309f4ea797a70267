import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Publication } from '../../../src/ports/destination.ts'
import type { LineageEdge } from '../../../src/run/lineage.ts'
import { formatRunId } from '../../../src/run/run-key.ts'
import { makeCandidate, members } from './candidate.ts'
import type { CandidateOptions } from './candidate.ts'
import { openFreshSchema, type FreshSchema } from './fresh-schema.ts'

const july = '2026-07-01T00:00:00.000Z'
const october = '2026-10-01T00:00:00.000Z'
const january = '2027-01-01T00:00:00.000Z'
const before = members('a shop-1, b shop-2, c shop-2, d shop-2')
const after = members('a shop-1, b shop-1, c shop-3, e shop-3')

const edge = (from: string | null, kind: LineageEdge['kind'], to: string | null, overlap = 0): LineageEdge => ({
  ...{ fromSegmentKey: from, toSegmentKey: to, kind, overlap },
  parentShare: from && to ? 0.5 : null,
  childShare: from && to ? 0.25 : null,
})

describe('segments from one publication to the next', () => {
  let target: FreshSchema

  const publish = async (options: CandidateOptions, lineage: readonly LineageEdge[]): Promise<string> => {
    const candidate = await makeCandidate(target, options)
    const segments = candidate.validation.segments.map((segment) =>
      segment.segmentKey === 'shop-3'
        ? { ...segment, status: 'provisional' as const, owner: 'crm', layer: 'rest' }
        : segment,
    )
    const changed: Publication = { ...candidate, validation: { ...candidate.validation, lineage, segments } }
    await target.warehouse.publish(target.session, changed, () => undefined)
    return formatRunId(candidate.plan)
  }
  let ids: readonly string[]

  beforeAll(async () => {
    target = await openFreshSchema()
    const first = await publish({ asOf: july, members: before }, [
      edge(null, 'appeared', 'shop-1'),
      edge(null, 'appeared', 'shop-2'),
    ])
    const second = await publish({ asOf: october, members: after, before: { runId: first, members: before } }, [
      edge('shop-1', 'survived', 'shop-1', 0.5),
      edge('shop-2', 'split', 'shop-1', 0.2),
      edge('shop-2', 'split', 'shop-3', 0.4),
    ])
    ids = [first, second]
  })
  afterAll(() => target.close())

  it('say in view segments how they came to be, or ended, in which run, and who answers for them', async () => {
    const rows =
      await target.query(`select segment_key, status, layer, owner, lineage_kind, lineage_segment_keys, lineage_overlap,
      lineage_run_key from segments order by 1`)
    expect(rows).toEqual([
      {
        ...{ segment_key: 'shop-1', status: 'active', layer: null, owner: null, lineage_kind: 'appeared' },
        ...{ lineage_segment_keys: [], lineage_overlap: 0, lineage_run_key: 'shop@2026-07-01' },
      },
      {
        ...{ segment_key: 'shop-2', status: 'retired', layer: null, owner: null, lineage_kind: 'split' },
        ...{ lineage_segment_keys: ['shop-3', 'shop-1'], lineage_overlap: 0.4, lineage_run_key: 'shop@2026-10-01' },
      },
      {
        ...{ segment_key: 'shop-3', status: 'provisional', layer: 'rest', owner: 'crm', lineage_kind: 'split' },
        ...{ lineage_segment_keys: ['shop-2'], lineage_overlap: 0.4, lineage_run_key: 'shop@2026-10-01' },
      },
    ])
  })

  it('have lineage with the share of the parent and of the child', async () => {
    const rows = await target.query(`select from_segment_key, to_segment_key, kind, parent_share, child_share
      from segment_lineage where run_key = 'shop@2026-10-01' and kind = 'split' order by 2`)
    expect(rows).toEqual([
      { from_segment_key: 'shop-2', to_segment_key: 'shop-1', kind: 'split', parent_share: 0.5, child_share: 0.25 },
      { from_segment_key: 'shop-2', to_segment_key: 'shop-3', kind: 'split', parent_share: 0.5, child_share: 0.25 },
    ])
    expect((await target.reader.describeRun('shop@2026-10-01', 1))?.lineage).toHaveLength(3)
  })

  it('give the engine the last members of what is retired, and the ledger its last publication', async () => {
    await target.ledger.loadPublished(target.session, 'shop', target.scratchPath)
    expect(await target.session.rows('SELECT * FROM past_members ORDER BY customer_id')).toEqual(
      ['b', 'c', 'd'].map((customer_id) => ({ customer_id, segment_key: 'shop-2' })),
    )
    const { segments, newestNumber } = await target.ledger.publishedState('shop')
    expect(segments.map((one) => [one.segmentKey, one.status, one.layer, one.lastRun])).toEqual([
      ['shop-1', 'active', null, ids[1]],
      ['shop-2', 'retired', null, ids[0]],
      ['shop-3', 'provisional', 'rest', ids[1]],
    ])
    expect(newestNumber).toBe(3)
  })

  it('never give a key away again, not even when its segment leaves the catalogue', async () => {
    const members4 = members('a shop-1, b shop-4')
    const third = { asOf: january, members: members4, before: { runId: ids[1]!, members: after } }
    await publish(third, [edge('shop-1', 'survived', 'shop-1', 1), edge(null, 'appeared', 'shop-4')])
    await target.query(`delete from segment where segment_key = 'shop-4'`)
    expect((await target.ledger.publishedState('shop')).newestNumber).toBe(4)
  })
})
