import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { makeCandidate, segmentOf, type Members } from './candidate.ts'
import { openFreshSchema, type FreshSchema } from './fresh-schema.ts'

const customers = ['a', 'b', 'c', 'd', 'e', 'f']
const segment = fc.constantFrom('shop-1', 'shop-2', 'shop-3', 'shop-1!')
const someMembers = fc
  .dictionary(fc.constantFrom(...customers), segment, { minKeys: 1 })
  .map((record): Members => new Map(Object.entries(record)))

interface Period {
  readonly customer_id: string
  readonly segment_key: string
  readonly valid_from: Date
  readonly valid_to: Date | null
}

describe('the history after any sequence of publications', () => {
  it(
    'has no overlaps, agrees with every publication at its as-of, and its events are the differences',
    { timeout: 120_000 },
    async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(someMembers, { minLength: 2, maxLength: 5 }), async (sequence) => {
          const target = await openFreshSchema()
          try {
            await publishAll(target, sequence)
            await expectTruth(target, sequence)
          } finally {
            await target.close()
          }
        }),
        { numRuns: 12 },
      )
    },
  )
})

async function publishAll(target: FreshSchema, sequence: readonly Members[]): Promise<void> {
  let before: { publicationId: number; members: Members } | undefined
  const ever = new Set<string>()
  for (const [index, members] of sequence.entries()) {
    const former = new Set([...ever].filter((customer) => !before?.members.has(customer)))
    const candidate = await makeCandidate(target, { asOf: asOfOf(index), members, before, former })
    const { publicationId } = await target.warehouse.publish(target.session, candidate, () => undefined)
    before = { publicationId, members }
    for (const customer of members.keys()) ever.add(customer)
  }
}

async function expectTruth(target: FreshSchema, sequence: readonly Members[]): Promise<void> {
  const periods = await target.query<Period>('select * from customer_segment_history order by customer_id, valid_from')
  for (const [index, period] of periods.entries()) {
    const next = periods[index + 1]
    if (period.valid_to) expect(period.valid_to.getTime()).toBeGreaterThan(period.valid_from.getTime())
    if (next?.customer_id === period.customer_id) {
      expect(period.valid_to).not.toBeNull()
      expect(next.valid_from.getTime()).toBeGreaterThanOrEqual(period.valid_to!.getTime())
    }
  }
  for (const [index, members] of sequence.entries()) {
    const instant = Date.parse(asOfOf(index))
    const then = periods.filter(
      (period) =>
        period.valid_from.getTime() <= instant && (period.valid_to === null || period.valid_to.getTime() > instant),
    )
    expect(asPairs(then)).toEqual(wantedPairs(members))
    expect(await eventsOf(target, index)).toEqual(differences(sequence[index - 1], members))
  }
  const current = await target.query<Period>('select customer_id, segment_key from customer_segments')
  expect(asPairs(current)).toEqual(wantedPairs(sequence.at(-1)!))
  const sums = await target.query<{ customers: number }>(
    `select sum(customers)::int as customers from segment_transitions where to_segment_key is not null group by run_key order by run_key`,
  )
  expect(sums.map((row) => row.customers)).toEqual(sequence.map((members) => members.size))
}

async function eventsOf(target: FreshSchema, index: number): Promise<string[]> {
  const rows = await target.query<Record<string, string | null>>(
    `select * from segment_events where run_key = 'shop@${asOfOf(index).slice(0, 10)}'`,
  )
  return rows.map((row) => `${row.customer_id} ${row.event} ${row.from_segment_key} ${row.to_segment_key}`).sort()
}

/** Counted one customer at a time, without SQL. */
function differences(before: Members | undefined, now: Members): string[] {
  return customers
    .flatMap((customer) => {
      const from = before?.get(customer)
      const to = now.get(customer)
      if (from === undefined) return to === undefined ? [] : [`${customer} entered null ${segmentOf(to)}`]
      if (to === undefined) return [`${customer} left ${segmentOf(from)} null`]
      return segmentOf(from) === segmentOf(to) ? [] : [`${customer} moved ${segmentOf(from)} ${segmentOf(to)}`]
    })
    .sort()
}

function asPairs(rows: readonly Pick<Period, 'customer_id' | 'segment_key'>[]): string[] {
  return rows.map((row) => `${row.customer_id} ${row.segment_key}`).sort()
}

function wantedPairs(members: Members): string[] {
  return [...members].map(([customer, text]) => `${customer} ${segmentOf(text)}`).sort()
}

function asOfOf(index: number): string {
  return `${2020 + index}-01-01T00:00:00.000Z`
}
