import { afterEach, beforeEach, expect, it } from 'vitest'
import { makeCandidate, members } from './candidate.ts'
import { openFreshSchema, type FreshSchema } from './fresh-schema.ts'

const july = '2026-07-01T00:00:00.000Z'
const october = '2026-10-01T00:00:00.000Z'
let target: FreshSchema

beforeEach(async () => {
  target = await openFreshSchema()
})
afterEach(() => target.close())

const method = { also: 'shop-9', since: '2026-04-01 00:00:00', pAlive: 0.75 }

it('shows the scores, further memberships and reasons of the live run, and of no other', async () => {
  const first = members('a shop-1, b shop-2')
  const one = await target.publish({ asOf: july, members: first, method })
  expect(await target.query('select customer_id, score, value, unit, run_key from customer_scores order by 1')).toEqual(
    [
      { customer_id: 'a', score: 'p_alive', value: 0.75, unit: 'share', run_key: 'shop@2026-07-01' },
      { customer_id: 'b', score: 'p_alive', value: 0.75, unit: 'share', run_key: 'shop@2026-07-01' },
    ],
  )
  const memberships = `select customer_id, segment_key, layer, is_primary, to_char(since at time zone 'UTC', 'YYYY-MM-DD') as since
    from customer_segment_memberships order by customer_id, is_primary desc`
  expect(await target.query(memberships)).toEqual([
    { customer_id: 'a', segment_key: 'shop-1', layer: 'cluster', is_primary: true, since: '2026-07-01' },
    { customer_id: 'a', segment_key: 'shop-9', layer: 'macro', is_primary: false, since: '2026-04-01' },
    { customer_id: 'b', segment_key: 'shop-2', layer: 'cluster', is_primary: true, since: '2026-07-01' },
    { customer_id: 'b', segment_key: 'shop-9', layer: 'macro', is_primary: false, since: '2026-04-01' },
  ])
  expect(await target.query(`select reasons from customer_reasons where customer_id = 'a'`)).toEqual([
    {
      reasons: [
        { reason: 'frequency', direction: 'low', size: 1.5 },
        { reason: 'recency', direction: 'high', size: 0.25 },
      ],
    },
  ])
  expect(await target.query('select segment_key, level, parent_segment_key from segments order by 1')).toEqual([
    { segment_key: 'shop-1', level: 0, parent_segment_key: 'shop-9' },
    { segment_key: 'shop-2', level: 0, parent_segment_key: 'shop-9' },
    { segment_key: 'shop-9', level: 1, parent_segment_key: null },
  ])

  await target.ledger.loadPublished(target.session, 'shop', target.scratchPath)
  expect(
    await target.session.rows('SELECT *, CAST(since AS VARCHAR) AS since FROM live_also ORDER BY customer_id'),
  ).toMatchObject([
    { customer_id: 'a', layer: 'macro', segment_key: 'shop-9', since: '2026-04-01 00:00:00' },
    { customer_id: 'b', layer: 'macro', segment_key: 'shop-9', since: '2026-04-01 00:00:00' },
  ])

  await target.publish({ asOf: october, members: first, before: { runId: one.runId, members: first } })
  expect(await target.query('select * from customer_scores')).toEqual([])
  expect(await target.query('select customer_id from customer_segment_memberships where not is_primary')).toEqual([])
})

it('refuses a further segment that validation does not know', async () => {
  const candidate = await makeCandidate(target, { asOf: july, members: members('a shop-1'), method })
  const unknown = {
    ...candidate.validation,
    segments: candidate.validation.segments.filter(({ level }) => level === 0),
  }
  await expect(
    target.warehouse.publish(target.session, { ...candidate, validation: unknown }, () => undefined),
  ).rejects.toThrow('Rows of the candidate hold a also_1 that validation does not know.')
})

it('tells the next run whom people had placed', async () => {
  await target.publish({ asOf: july, members: members('a shop-1, b shop-2'), overridden: 'b' })
  expect(await target.query('select customer_id, layer from customer_segments order by 1')).toEqual([
    { customer_id: 'a', layer: 'cluster' },
    { customer_id: 'b', layer: 'override' },
  ])
  await target.ledger.loadPublished(target.session, 'shop', target.scratchPath)
  expect(await target.session.rows('SELECT * FROM live_overrides')).toEqual([{ customer_id: 'b' }])
})
