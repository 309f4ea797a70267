import { afterEach, beforeEach, expect, it } from 'vitest'
import { members, type Members } from './candidate.ts'
import { openFreshSchema, type FreshSchema } from './fresh-schema.ts'

let target: FreshSchema
let live: { readonly runId: string; readonly members: Members } | undefined

beforeEach(async () => {
  target = await openFreshSchema()
  live = undefined
})
afterEach(() => target.close())

// By hand: a and f stay, b moves at once, e comes and moves, c goes, d is away for a quarter.
const quarters = [
  ['2026-01-01', 'a shop-1, f shop-1, b shop-1, c shop-2, d shop-2'],
  ['2026-04-01', 'a shop-1, f shop-1, b shop-2, c shop-2, e shop-1'],
  ['2026-07-01', 'a shop-1, f shop-1, b shop-2, d shop-2, e shop-2'],
] as const
const [one, two] = ['shop-1', 'shop-2']

async function publish(day: string, text: string, revision = 1): Promise<void> {
  const asOf = `${day}T00:00:00.000Z`
  const { runId } = await target.publish({
    ...{ asOf, revision, members: members(text) },
    ...(live && { before: live }),
  })
  live = { runId, members: members(text) }
}

async function publishQuarters(): Promise<void> {
  for (const [day, text] of quarters) await publish(day, text)
}

it('counts paths and steps over the publications, with who came, went and returned', async () => {
  await publishQuarters()
  expect(await target.reader.paths('shop')).toEqual({
    stops: quarters.map(([day]) => ({
      runKey: `shop@${day}`,
      revision: 1,
      period: day.slice(0, 7),
      asOf: `${day}T00:00:00.000Z`,
    })),
    names: { 'shop-1': 'Name of shop-1', 'shop-2': 'Name of shop-2' },
    ...{ customers: 6, throughout: 3, stayed: 2 },
    paths: [
      { segmentKeys: [one, one, one], customers: 2 },
      { segmentKeys: [one, two, two], customers: 1 },
      { segmentKeys: [two, two, null], customers: 1 },
      { segmentKeys: [two, null, two], customers: 1 },
      { segmentKeys: [null, one, two], customers: 1 },
    ],
    steps: [
      { position: 0, fromSegmentKey: one, toSegmentKey: one, customers: 2 },
      { position: 0, fromSegmentKey: one, toSegmentKey: two, customers: 1 },
      { position: 0, fromSegmentKey: two, toSegmentKey: two, customers: 1 },
      { position: 0, fromSegmentKey: two, toSegmentKey: null, customers: 1 },
      { position: 0, fromSegmentKey: null, toSegmentKey: one, customers: 1 },
      { position: 1, fromSegmentKey: one, toSegmentKey: one, customers: 2 },
      { position: 1, fromSegmentKey: one, toSegmentKey: two, customers: 1 },
      { position: 1, fromSegmentKey: two, toSegmentKey: two, customers: 1 },
      { position: 1, fromSegmentKey: two, toSegmentKey: null, customers: 1 },
      { position: 1, fromSegmentKey: null, toSegmentKey: two, customers: 1 },
    ],
  })
})

it('leads through what stands: no run that was rolled back, no replaced revision, no score run', async () => {
  await publishQuarters()
  await publish('2026-07-01', 'a shop-2, f shop-1, b shop-2, d shop-2, e shop-2', 2)
  await publish('2026-10-01', 'a shop-2')
  const { from, run: to } = await target.warehouse.findReturnPoint('shop', undefined)
  await target.warehouse.rollBack('shop', { from, to, by: 'crm', reason: 'The export was empty.' })
  const found = await target.reader.paths('shop')
  expect(found!.stops.map(({ runKey, revision }) => `${runKey}~${revision}`)).toEqual([
    'shop@2026-01-01~1',
    'shop@2026-04-01~1',
    'shop@2026-07-01~2',
  ])
  expect(found).toMatchObject({ customers: 6, throughout: 3, stayed: 1 })

  await target.query(`update run set kind = 'score' where run_key = 'shop@2026-04-01'`)
  // a and b went from shop-1 to shop-2, f stayed, d is where it was, c is gone, e is new.
  expect(await target.reader.paths('shop')).toMatchObject({
    ...{ customers: 6, throughout: 4, stayed: 2 },
    paths: [
      { segmentKeys: [one, two], customers: 2 },
      { segmentKeys: [one, one], customers: 1 },
      { segmentKeys: [two, two], customers: 1 },
      { segmentKeys: [two, null], customers: 1 },
      { segmentKeys: [null, two], customers: 1 },
    ],
  })
})

it('has no paths before the second publication', async () => {
  expect(await target.reader.paths('shop')).toBeUndefined()
  await publish(...quarters[0])
  expect(await target.reader.paths('shop')).toBeUndefined()
})
