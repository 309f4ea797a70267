import { randomBytes } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { OlderThanPublished } from '../../../src/errors/older-than-published.ts'
import { makeCandidate, members } from './candidate.ts'
import { openFreshSchema, type FreshSchema } from './fresh-schema.ts'

const july = '2026-07-01T00:00:00.000Z'
const october = '2026-10-01T00:00:00.000Z'
const nobodyLooks = (): void => undefined

describe('a publication', () => {
  let target: FreshSchema

  beforeEach(async () => {
    target = await openFreshSchema()
  })
  afterEach(() => target.close())

  it('never replaces a later as-of', async () => {
    const live = await target.publish({ asOf: october, members: members('a shop-1') })
    const before = { runId: live.runId, members: members('a shop-1') }
    await expect(target.publish({ asOf: july, members: members('a shop-2'), before })).rejects.toBeInstanceOf(
      OlderThanPublished,
    )
    // Compared with something else or not: the next revision would be as old.
    await expect(target.publish({ asOf: july, members: members('a shop-2') })).rejects.toBeInstanceOf(
      OlderThanPublished,
    )
    expect(await target.query('select segment_key from customer_segments')).toEqual([{ segment_key: 'shop-1' }])
  })

  it('supersedes one of the same as-of alone, also under another run key; earlier periods stay published', async () => {
    const one = members('a shop-1')
    const first = await target.publish({ asOf: july, members: one })
    const second = await target.publish({
      asOf: october,
      members: one,
      before: { runId: first.runId, members: one },
    })
    // The same instant seen from another zone.
    const candidate = await makeCandidate(target, {
      asOf: october,
      members: one,
      before: { runId: second.runId, members: one },
    })
    const plan = { ...candidate.plan, runKey: 'shop@2026-09-30T1900' }
    await target.warehouse.publish(target.session, { ...candidate, plan, digest: 'third' }, nobodyLooks)
    expect(await target.query('select run_key, status, is_live from runs order by published_at')).toEqual([
      { run_key: 'shop@2026-07-01', status: 'published', is_live: false },
      { run_key: 'shop@2026-10-01', status: 'superseded', is_live: false },
      { run_key: 'shop@2026-09-30T1900', status: 'published', is_live: true },
    ])
    expect((await target.reader.runs('shop', 5)).map((run) => [run.runKey, run.isLive])).toEqual([
      ['shop@2026-09-30T1900', true],
      ['shop@2026-10-01', false],
      ['shop@2026-07-01', false],
    ])
  })

  it('never replaces a newer revision that looks from the same instant', async () => {
    const live = await target.publish({ asOf: july, revision: 2, members: members('a shop-1') })
    const before = { runId: live.runId, members: members('a shop-1') }
    await expect(target.publish({ asOf: july, revision: 1, members: members('a shop-2'), before })).rejects.toThrow(
      'shop@2026-07-01~1 is an older revision than shop@2026-07-01~2',
    )
    expect(await target.query('select segment_key from customer_segments')).toEqual([{ segment_key: 'shop-1' }])
  })

  it('is the only result of its revision: a reset of it that finds another one is a conflict', async () => {
    const live = await target.publish({ asOf: july, members: members('a shop-1') })
    const before = { runId: live.runId, members: members('a shop-1') }
    const other = await makeCandidate(target, { asOf: july, members: members('a shop-2'), before, digest: 'another' })
    const refusal = /was published before with another result .* Start the next revision/
    await expect(target.warehouse.check(other)).rejects.toThrow(refusal)
    await expect(target.warehouse.publish(target.session, other, nobodyLooks)).rejects.toThrow(refusal)
    expect(await target.query('select segment_key from customer_segments')).toEqual([{ segment_key: 'shop-1' }])
  })

  it('fails for good when the warehouse cannot hold an id', async () => {
    const candidate = await makeCandidate(target, { asOf: july, members: new Map([['a\0b', 'shop-1']]) })
    await expect(target.warehouse.publish(target.session, candidate, nobodyLooks)).rejects.toMatchObject({
      type: 'RowsRefused',
      retry: 'give-up',
      recovery: 'rerun',
    })
    const long = await makeCandidate(target, {
      asOf: july,
      members: new Map([[randomBytes(9_000).toString('hex'), 'shop-1']]),
    })
    await expect(target.warehouse.publish(target.session, long, nobodyLooks)).rejects.toMatchObject({
      type: 'RowsRefused',
    })
  })
})
