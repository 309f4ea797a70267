import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { makeCandidate, members, segmentOf, type Members } from './candidate.ts'
import { openFreshSchema, type FreshSchema } from './fresh-schema.ts'
import type { RunIdentity } from '../../../src/run/run-key.ts'
import { someSteps, suppress } from './history-steps.ts'
import { customers, model, runOf, type Step } from './history-model.ts'
import { periodsOf, spansOf, SWITCHES } from './read-history.ts'
import { propertyRuns } from '../../property-runs.ts'

describe('the history', () => {
  let target: FreshSchema

  beforeEach(async () => {
    target = await openFreshSchema()
  })
  afterEach(() => target.close())

  it('after any sequence of publications, revisions, rollbacks, objections and erasures is that of a model in memory, on both axes of time', async () => {
    await fc.assert(
      fc
        .asyncProperty(someSteps, async (steps) => {
          await publishAll(target, steps)
          await expectTruth(target, steps)
        })
        .beforeEach(() => target.clear()),
      { numRuns: propertyRuns(8) },
    )
  })

  // Expected values by hand.
  it.each([
    {
      title: 'a customer moved and moved back is in one period, with its since',
      sequence: ['a shop-1', 'a shop-2', 'a shop-1'],
      periods: ['a shop-1 [2020, )'],
      spans: ['a shop-1 [2020~1, 2021~1)', 'a shop-2 [2021~1, 2021~2)', 'a shop-1 [2021~2, )'],
    },
    {
      title: 'a customer that was new and is absent was never there',
      sequence: ['b shop-1', 'a shop-1, b shop-1', 'b shop-1'],
      periods: [],
      spans: ['a shop-1 [2021~1, 2021~2)'],
    },
    {
      title: 'a customer that was lost and is back never left',
      sequence: ['a shop-1, b shop-1', 'b shop-1', 'a shop-1, b shop-1'],
      periods: ['a shop-1 [2020, )'],
      spans: ['a shop-1 [2020~1, 2021~1)', 'a shop-1 [2021~2, )'],
    },
    {
      title: 'a customer moved twice moved once, to where it is',
      sequence: ['a shop-1', 'a shop-2', 'a shop-3'],
      periods: ['a shop-1 [2020, 2021)', 'a shop-3 [2021, )'],
      spans: ['a shop-1 [2020~1, 2021~1)', 'a shop-2 [2021~1, 2021~2)', 'a shop-3 [2021~2, )'],
    },
    {
      title: 'a customer moved, moved back and moved again moved once',
      sequence: ['a shop-1', 'a shop-2', 'a shop-1', 'a shop-2', 'a shop-1', 'a shop-2'],
      periods: ['a shop-1 [2020, 2021)', 'a shop-2 [2021, )'],
      spans: [
        'a shop-1 [2020~1, 2021~1)',
        'a shop-2 [2021~1, 2021~2)',
        'a shop-1 [2021~2, 2021~3)',
        'a shop-2 [2021~3, 2021~4)',
        'a shop-1 [2021~4, 2021~5)',
        'a shop-2 [2021~5, )',
      ],
    },
  ])('of revisions of the same as-of: $title', async ({ sequence, periods, spans }) => {
    const steps = sequence.map((text, index) => ({
      asOf: `${index === 0 ? 2020 : 2021}-01-01T00:00:00.000Z`,
      revision: Math.max(1, index),
      members: members(text),
      counted: members(text),
    }))
    await publishAll(target, steps)
    const short = (text: string): string => text.replaceAll(/shop@|-01-01(T00:00:00.000Z)?/g, '').replace('null', '')
    expect(ofA(await periodsOf(target)).map(short)).toEqual(periods)
    expect(ofA(await spansOf(target)).map(short)).toEqual([...spans].sort())
    const [current] = await target.query<{ since: Date }>(`select since from customer_segments where customer_id = 'a'`)
    expect(current?.since.toISOString().slice(0, 4)).toBe(/\[(\d+), \)/.exec(periods.at(-1) ?? '')?.[1])
  })
})

async function publishAll(target: FreshSchema, steps: readonly Step[]): Promise<void> {
  let live: (Step & { readonly runId: string; readonly seen: Members }) | undefined
  const ever = new Set<string>()
  for (const step of steps) {
    if (step.rollback !== undefined) {
      const request = { from: identityOf(live!), to: identityOf(step), by: 'crm', reason: `return ${step.rollback}` }
      const { moved } = await target.warehouse.rollBack('shop', request)
      expect(moved).toBe(customers.filter((one) => live!.members.get(one) !== step.members.get(one)).length)
      live = { ...step, runId: runOf(step), seen: step.members }
      continue
    }
    if (step.suppressed) {
      await suppress(target, step.suppressed)
      live = { ...live!, members: step.members }
      continue
    }
    const former = new Set([...ever].filter((customer) => !live?.members.has(customer)))
    const before = live && { runId: live.runId, members: step.found ? live.seen : live.members }
    const made = { ...step, members: step.found ?? step.members, ...(before && { before }) }
    const candidate = await makeCandidate(target, { ...made, former })
    await target.warehouse.publish(target.session, candidate, () => undefined)
    live = { ...step, runId: runOf(step), seen: step.members }
    for (const customer of step.members.keys()) ever.add(customer)
  }
}

function identityOf(step: Step): RunIdentity {
  return { runKey: `shop@${step.asOf.slice(0, 10)}`, revision: step.revision }
}

async function expectTruth(target: FreshSchema, steps: readonly Step[]): Promise<void> {
  expect(await periodsOf(target)).toEqual(model.periods(steps))
  expect(await spansOf(target)).toEqual(model.spans(steps))
  const events = await target.query<Record<string, string | null>>(
    `with ${SWITCHES} select * from segment_events e join switches s on s.shown_at = e.published_at`,
  )
  expect(
    events
      .map(
        (event) =>
          `${event.name} ${event.customer_id} ${event.event} ${event.from_segment_key} ${event.to_segment_key}${['rollback', 'withdrawn'].includes(event.move_reason!) ? ` ${event.move_reason}` : ''}`,
      )
      .sort(),
  ).toEqual(model.events(steps))
  const live = steps.at(-1)!
  const current = await target.query<{ customer_id: string; segment_key: string }>('select * from customer_segments')
  expect(current.map((row) => `${row.customer_id} ${row.segment_key}`).sort()).toEqual(
    [...live.members].map(([customer, text]) => `${customer} ${segmentOf(text)}`).sort(),
  )
  expect(
    await target.query(`
      select customer_id, segment_key, is_holdout, valid_from from customer_segment_history where valid_to is null
      except select customer_id, segment_key, is_holdout, since from customer_segments`),
  ).toEqual([])
  const catalogue = await target.query<Record<string, unknown>>(
    'select segment_key, customers::int, status from segments',
  )
  for (const { segment_key, customers: counted, status } of catalogue) {
    const wanted = [...live.counted.values()].filter((text) => segmentOf(text) === segment_key).length
    // Nobody may be left of it.
    const isFound = [...(live.found ?? live.counted).values()].some((text) => segmentOf(text) === segment_key)
    expect({ counted, status }).toEqual({ counted: wanted, status: isFound ? 'active' : 'retired' })
  }
  const runs = await target.query<Record<string, unknown>>(`
    select r.run_key || '~' || r.revision as run, r.status, r.is_live, sum(t.customers)::int as customers
    from runs r left join segment_transitions t on t.run_key = r.run_key and t.revision = r.revision and to_segment_key is not null
    group by r.run_key, r.revision, r.status, r.is_live order by r.run_key, r.revision`)
  const states = model.states(steps)
  for (const view of CURRENT_VIEWS)
    expect(
      (await target.query<{ customer_id: string }>(`select distinct customer_id from ${view}`))
        .map(({ customer_id }) => customer_id)
        .filter((customer) => !live.members.has(customer)),
    ).toEqual([])
  expect(runs).toEqual(
    steps
      .filter(({ rollback, suppressed }) => rollback === undefined && suppressed === undefined)
      .map((step) => ({
        run: runOf(step),
        status: states.get(runOf(step)),
        is_live: runOf(step) === runOf(live),
        // Null: nobody was left of it.
        customers: step.counted.size || null,
      }))
      .sort((a, b) => (a.run < b.run ? -1 : 1)),
  )
}

/** Where consumers look for who is in a segment now. */
const CURRENT_VIEWS = [
  ...['customer_segments', 'customer_segment_memberships', 'customer_scores', 'customer_reasons', 'audience_members'],
  'shop_customers',
]

function ofA(texts: readonly string[]): string[] {
  return texts.filter((text) => text.startsWith('a '))
}
