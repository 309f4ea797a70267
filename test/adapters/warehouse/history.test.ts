import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { makeCandidate, members, segmentOf, type Members } from './candidate.ts'
import { openFreshSchema, type FreshSchema } from './fresh-schema.ts'
import { customers, model, runOf, type Step } from './history-model.ts'

const segment = fc.constantFrom('shop-1', 'shop-2', 'shop-3', 'shop-1!')
const someMembers = fc
  .dictionary(fc.constantFrom(...customers), segment, { minKeys: 1 })
  .map((record): Members => new Map(Object.entries(record)))
/** Half of the publications replace the one before: another revision of the same as-of. */
const someSteps = fc.array(fc.tuple(someMembers, fc.boolean()), { minLength: 2, maxLength: 7 }).map((drawn): Step[] => {
  let [year, revision] = [2019, 1]
  return drawn.map(([drawnMembers, isRevision], index) => {
    if (index > 0 && isRevision) revision += 1
    else [year, revision] = [year + 1, 1]
    return { asOf: `${year}-01-01T00:00:00.000Z`, revision, members: drawnMembers }
  })
})

describe('the history', () => {
  let target: FreshSchema

  beforeEach(async () => {
    target = await openFreshSchema()
  })
  afterEach(() => target.close())

  it('after any sequence of publications and replaced revisions is that of a model in memory, on both axes of time', async () => {
    await fc.assert(
      fc
        .asyncProperty(someSteps, async (steps) => {
          await publishAll(target, steps)
          await expectTruth(target, steps)
        })
        .beforeEach(async () => {
          await target.close()
          target = await openFreshSchema()
        }),
      { numRuns: 25 },
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
  let before: { publicationId: number; members: Members } | undefined
  const ever = new Set<string>()
  for (const step of steps) {
    const former = new Set([...ever].filter((customer) => !before?.members.has(customer)))
    const candidate = await makeCandidate(target, { ...step, before, former })
    const { publicationId } = await target.warehouse.publish(target.session, candidate, () => undefined)
    before = { publicationId, members: step.members }
    for (const customer of step.members.keys()) ever.add(customer)
  }
}

async function expectTruth(target: FreshSchema, steps: readonly Step[]): Promise<void> {
  expect(await periodsOf(target)).toEqual(model.periods(steps))
  expect(await spansOf(target)).toEqual(model.spans(steps))
  const events = await target.query<Record<string, string | null>>('select * from segment_events')
  expect(
    events
      .map(
        (event) =>
          `${event.run_key}~${event.revision} ${event.customer_id} ${event.event} ${event.from_segment_key} ${event.to_segment_key}`,
      )
      .sort(),
  ).toEqual(model.events(steps))
  const current = await target.query<{ customer_id: string; segment_key: string }>('select * from customer_segments')
  expect(current.map((row) => `${row.customer_id} ${row.segment_key}`).sort()).toEqual(
    [...steps.at(-1)!.members].map(([customer, text]) => `${customer} ${segmentOf(text)}`).sort(),
  )
  const runs = await target.query<Record<string, unknown>>(`
    select r.run_key || '~' || r.revision as run, r.status, r.is_live, sum(t.customers)::int as customers
    from runs r left join segment_transitions t on t.run_key = r.run_key and t.revision = r.revision and to_segment_key is not null
    group by r.run_key, r.revision, r.status, r.is_live order by r.run_key, r.revision`)
  expect(runs).toEqual(
    steps.map((step, index) => ({
      run: runOf(step),
      status: steps[index + 1]?.asOf === step.asOf ? 'superseded' : 'published',
      is_live: index === steps.length - 1,
      customers: step.members.size,
    })),
  )
}

interface Stretch {
  readonly customer_id: string
  readonly segment_key: string
  readonly is_holdout: boolean
  readonly from: string
  readonly to: string | null
}

async function periodsOf(target: FreshSchema): Promise<string[]> {
  const rows = await target.query<Omit<Stretch, 'from' | 'to'> & { valid_from: Date; valid_to: Date | null }>(
    'select * from customer_segment_history',
  )
  return rows
    .map((row) => toText({ ...row, from: row.valid_from.toISOString(), to: row.valid_to?.toISOString() ?? null }))
    .sort()
}

/** Instants of publishing are told as the runs that were published then. */
async function spansOf(target: FreshSchema): Promise<string[]> {
  const rows = await target.query<Stretch>(`
    select m.customer_id, m.segment_key, m.is_holdout, m.run_key || '~' || m.revision as "from", e.run_key || '~' || e.revision as "to"
    from published_memberships m
    join runs b on b.published_at = m.published_from and b.run_key = m.run_key and b.revision = m.revision
    left join runs e on e.published_at = m.published_to`)
  return rows.map(toText).sort()
}

function toText({ customer_id, segment_key, is_holdout, from, to }: Stretch): string {
  return `${customer_id} ${segment_key}${is_holdout ? '!' : ''} [${from}, ${to})`
}

function ofA(texts: readonly string[]): string[] {
  return texts.filter((text) => text.startsWith('a '))
}
