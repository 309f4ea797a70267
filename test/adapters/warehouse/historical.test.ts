import fc from 'fast-check'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { members, segmentOf, type Members } from './candidate.ts'
import { openFreshSchema, type FreshSchema } from './fresh-schema.ts'
import { customers } from './history-model.ts'
import { PastWorld, present } from './past-world.ts'
import { joined, mostOf, periodsOf } from './read-history.ts'
import { propertyRuns } from '../../property-runs.ts'

const segment = fc.constantFrom('shop-1', 'shop-2', 'shop-3', 'shop-1!')
const someMembers = fc
  .dictionary(fc.constantFrom(...customers), segment, { minKeys: 1 })
  .map((record): Members => new Map(Object.entries(record)))
const drawnSteps = fc.array(
  fc.tuple(someMembers, fc.constantFrom('later', 'past', 'past', 'past', 'revision', 'return'), fc.nat()),
  { minLength: 3, maxLength: 8 },
)

describe('what fills in the past', () => {
  let target: FreshSchema

  beforeAll(async () => {
    target = await openFreshSchema()
  })
  beforeEach(() => target.clear())
  afterAll(() => target.close())

  it('is in the history of its as-of after any sequence of publications, revisions and rollbacks, and never in the present', async () => {
    await fc.assert(
      fc
        .asyncProperty(drawnSteps, async (drawn) => {
          const world = new PastWorld(target)
          for (const [drawnMembers, kind, pick] of drawn) await world.step(drawnMembers, kind, pick)
          await expectTruth(target, world)
        })
        .beforeEach(() => target.clear()),
      { numRuns: propertyRuns(6) },
    )
  })

  // Expected values by hand.
  it('cuts a period open, and says of each part who began it and when it could be seen', async () => {
    const world = new PastWorld(target)
    await world.publish('2020', members('a shop-1, b shop-1'))
    await world.publish('2022', members('a shop-1, b shop-2'))
    await world.publish('2023', members('a shop-1, b shop-2'))
    const before = await present(target)
    await world.fill('2021', members('a shop-2, b shop-2'))
    expect(await present(target)).toEqual(before)
    expect(await mostOf(target)).toEqual([
      'a shop-1 [2020, 2021) shop@2020-01-01 seen 2020 to 2022',
      'a shop-1 [2022, ) shop@2022-01-01 seen 2022 to now',
      'a shop-2 [2021, 2022) shop@2021-01-01 seen 2021 to 2021',
      'b shop-1 [2020, 2021) shop@2020-01-01 seen 2020 to 2022',
      'b shop-2 [2021, 2022) shop@2021-01-01 seen 2021 to 2021',
      'b shop-2 [2022, ) shop@2022-01-01 seen 2022 to now',
    ])
    const events = await target.query(`select customer_id || ' ' || from_segment_key || ' ' || to_segment_key as moved
      from segment_events where is_historical order by customer_id`)
    expect(events).toEqual([{ moved: 'a shop-1 shop-2' }, { moved: 'b shop-1 shop-2' }])
    expect(
      await target.query(`select run_key from runs where is_historical and not is_live and status = 'published'`),
    ).toEqual([{ run_key: 'shop@2021-01-01' }])
  })

  it('is verified against the history of its as-of, as long as it has its place there', async () => {
    const world = new PastWorld(target)
    await world.publish('2020', members('a shop-1, b shop-1'))
    await world.publish('2023', members('a shop-1, b shop-2'))
    await world.fill('2021', members('a shop-2, c shop-1!'))
    const load = async (revision: number) => {
      const { publicationId } = (await target.ledger.publishedRun({ runKey: 'shop@2021-01-01', revision }))!
      const { session, scratchPath } = target
      const outputs = { layers: [], scores: [], also: [], reasons: [] }
      const { hasMemberships } = await target.ledger.loadShown(session, publicationId, outputs, scratchPath)
      const rows = await session.rows('SELECT * FROM shown ORDER BY customer_id')
      return { hasMemberships, rows }
    }
    const rows = [
      { customer_id: 'a', segment_key: 'shop-2', is_holdout: false },
      { customer_id: 'c', segment_key: 'shop-1', is_holdout: true },
    ]
    expect(await load(1)).toEqual({ hasMemberships: true, rows })
    await world.fill('2021', members('a shop-1'))
    expect(await load(1)).toMatchObject({ hasMemberships: false })
    expect(await load(2)).toMatchObject({ hasMemberships: true, rows: [{ customer_id: 'a', segment_key: 'shop-1' }] })
  })

  it('goes on as one period over several runs that were filled in one after another', async () => {
    const world = new PastWorld(target)
    await world.publish('2020', members('a shop-1'))
    await world.publish('2024', members('a shop-1'))
    for (const year of ['2021', '2022', '2023']) await world.fill(year, members('a shop-2'))
    expect(await periodsOf(target)).toEqual(
      ['a shop-1 [2020, 2021)', 'a shop-1 [2024, null)', 'a shop-2 [2021, 2024)'].map(inFull),
    )
  })

  it('gives nothing that is named otherwise today another name, and adds what it alone knows as retired', async () => {
    const world = new PastWorld(target)
    await world.publish('2020', members('a shop-1'))
    await world.publish('2022', members('a shop-1'))
    await target.query(`update segment set name = 'Regulars'`)
    await world.fill('2021', members('a shop-1, b shop-9'))
    expect(await target.query(`select segment_key, name, status, customers::int from segments order by 1`)).toEqual([
      { segment_key: 'shop-1', name: 'Regulars', status: 'active', customers: 1 },
      { segment_key: 'shop-9', name: 'Name of shop-9', status: 'retired', customers: 0 },
    ])
    // The number is taken: the next new segment is the tenth.
    expect((await target.ledger.publishedState('shop')).newestNumber).toBe(9)
  })

  it('is refused where it is not the past, and where another run was filled in before it meanwhile', async () => {
    const world = new PastWorld(target)
    await world.publish('2020', members('a shop-1'))
    await world.publish('2023', members('a shop-1'))
    await expect(world.fill('2023', members('a shop-2'), 2)).rejects.toThrow(/does not lie before shop@2023-01-01~1/)
    await expect(world.fill('2024', members('a shop-2'))).rejects.toMatchObject({ type: 'NotHistorical' })
    const late = await world.candidate('2022', members('a shop-2'))
    await world.fill('2021', members('a shop-3'))
    await expect(target.warehouse.publish(target.session, late, () => undefined)).rejects.toThrow(
      /was compared with shop@2020-01-01~1, but shop@2021-01-01~1 lies before it now/,
    )
    await expect(
      target.warehouse.rollBack('shop', {
        ...{ from: { runKey: 'shop@2023-01-01', revision: 1 }, to: { runKey: 'shop@2021-01-01', revision: 1 } },
        ...{ by: 'crm', reason: 'back' },
      }),
    ).rejects.toThrow(/filled in the past/)
  })

  it('refuses a run a key that the other one has given while it was looked at', async () => {
    const world = new PastWorld(target)
    await world.publish('2020', members('a shop-1'))
    await world.publish('2022', members('a shop-1'))
    const newest = await world.candidate('2023', members('a shop-7'), { isPast: false })
    const [found] = newest.validation.segments
    const held = { ...newest, validation: { ...newest.validation, segments: [{ ...found!, isNew: true }] } }
    await world.fill('2021', members('a shop-7'))
    await expect(target.warehouse.publish(target.session, held, () => undefined)).rejects.toThrow(
      /called it shop-7, a key that another run has given meanwhile/,
    )
  })
})

async function expectTruth(target: FreshSchema, world: PastWorld): Promise<void> {
  const { inEffect, shown, states } = world
  const wanted = customers.flatMap((customer) =>
    inEffect.flatMap(({ asOf, members: then }, index): string[] => {
      const state = then.get(customer)
      return state ? [`${customer} ${state} [${asOf}, ${inEffect[index + 1]?.asOf ?? null})`] : []
    }),
  )
  // Periods next to each other say the same as one: who filled in what, and when, can break them.
  expect(joined(await periodsOf(target))).toEqual(joined(wanted))
  const overlaps = (from: string, to: string, relation: string): string => `
    select a.customer_id from ${relation} a join ${relation} b on b.customer_id = a.customer_id
      and (b.segment_key, b.${from}, b.run_key) is distinct from (a.segment_key, a.${from}, a.run_key)
      and a.${from} <= b.${from} and (a.${to} is null or a.${to} > b.${from}) and a.${from} is distinct from a.${to}
      and b.${from} is distinct from b.${to}`
  expect(await target.query(overlaps('valid_from', 'valid_to', 'customer_segment_history'))).toEqual([])
  expect(await target.query(overlaps('published_from', 'published_to', 'published_memberships'))).toEqual([])
  if (world.rollbacks === 0)
    expect(await target.query(overlaps('published_from', 'published_to', 'customer_segment_history'))).toEqual([])
  expect(
    await target.query(`
      (select customer_id, segment_key, is_holdout from customer_segment_history where valid_to is null
      except select customer_id, segment_key, is_holdout from customer_segments) union all
      (select customer_id, segment_key, is_holdout from customer_segments
      except select customer_id, segment_key, is_holdout from customer_segment_history where valid_to is null)`),
  ).toEqual([])
  // What was shown at each switch of the present is what was published with it.
  const seen = await target.query<{ members: string }>(`
    with switches as (
      select published_at as at from publication where not is_historical union all select rolled_back_at from rollback)
    select coalesce(string_agg(m.customer_id || ' ' || m.segment_key, ', ' order by m.customer_id), '') as members
    from switches s left join published_memberships m
      on m.published_from <= s.at and (m.published_to is null or m.published_to > s.at)
    group by s.at order by s.at`)
  expect(seen.map((row) => row.members)).toEqual(shown.map(({ members: then }) => textOf(then)))
  const events = await target.query<{ text: string }>(`
    select run_key || '~' || revision || ' ' || customer_id || ' ' || event || ' ' || coalesce(from_segment_key, '-')
      || ' ' || coalesce(to_segment_key, '-') as text from segment_events where is_historical`)
  expect(events.map(({ text }) => text).sort()).toEqual(world.pastEvents.sort())
  const runs = await target.query<{ run: string; status: string; customers: number; members: number }>(`
    select r.run_key || '~' || r.revision as run, r.status, sum(t.customers)::int as customers
    from runs r left join segment_transitions t on t.run_key = r.run_key and t.revision = r.revision and to_segment_key is not null
    group by r.run_key, r.revision, r.status`)
  expect(new Map(runs.map(({ run, status }) => [run, status]))).toEqual(states)
}

function textOf(then: Members): string {
  return [...then]
    .map(([customer, text]) => `${customer} ${segmentOf(text)}`)
    .sort()
    .join(', ')
}

function inFull(text: string): string {
  return text.replaceAll(/(20\d\d)/g, '$1-01-01T00:00:00.000Z')
}
