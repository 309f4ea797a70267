import { beforeEach, describe, expect, it } from 'vitest'
import { ConfigInvalid } from '../../../src/errors/config-invalid.ts'
import { useRoleTables } from './role-tables.ts'

// Everything in this file was computed by hand.

const { table, customers, rowsOf } = useRoleTables()

describe('features of events', () => {
  beforeEach(() =>
    table(
      'events',
      'customer_id varchar, occurred_at timestamp, event varchar',
      `('ann', '2026-01-10 10:00', 'view'), ('ann', '2026-01-10 10:20', 'view'), ('ann', '2026-01-10 10:30', 'buy'),
       ('ann', '2026-01-10 22:59', 'view'), ('ann', '2026-01-10 23:00', 'view'),
       ('ann', '2025-10-20 12:00', 'view'), ('ann', '2026-01-31 23:00', 'buy')`,
    ),
  )

  it('count visits, with a new one after 30 minutes without an event', async () => {
    const [ann, bob] = await rowsOf(['sessions', 'sessionMinutes', 'eventsPerSession'])
    // 10:00–10:30 with three events, 22:59–23:00 with two, 20 October with one.
    expect(ann).toEqual({ customer_id: 'ann', sessions: 3, sessionMinutes: 31 / 3, eventsPerSession: 2 })
    expect(bob).toEqual({ customer_id: 'bob', sessions: 0, sessionMinutes: null, eventsPerSession: null })
  })

  it('take visits from session_id where it is mapped', async () => {
    await table(
      'events',
      'customer_id varchar, occurred_at timestamp, event varchar, session_id varchar',
      "('ann', '2026-01-10 10:00', 'view', 's1'), ('ann', '2026-01-10 12:00', 'view', 's1'), ('ann', '2026-01-11 12:00', 'view', 's2')",
    )
    const [ann] = await rowsOf(['sessions', 'sessionMinutes'])
    expect(ann).toEqual({ customer_id: 'ann', sessions: 2, sessionMinutes: 60 })
  })

  it('count days in the zone of the pipeline', async () => {
    const [ann, bob] = await rowsOf(['activeDays', 'engagementTrend'])
    // 20 October, 10 January and, from 23:00 UTC on, 11 January; the 90 days before the as-of begin on 3 November.
    expect(ann).toEqual({ customer_id: 'ann', activeDays: 3, engagementTrend: 1 })
    expect(bob).toEqual({ customer_id: 'bob', activeDays: 0, engagementTrend: 0 })
  })

  it('tell names of events apart, and leave out what lies at or after the as-of', async () => {
    const [ann, bob] = await rowsOf([
      { eventCount: [{ as: 'all_events' }, { as: 'purchases', event: 'buy' }] },
      'distinctEvents',
      {
        engagementRecency: [
          { event: 'buy', as: 'since_purchase' },
          { window: '10 days', as: 'recent' },
        ],
      },
      { eventShares: { levels: ['buy'] } },
    ])
    const toPurchaseDays = (Date.parse('2026-01-31T23:00:00Z') - Date.parse('2026-01-10T10:30:00Z')) / 86_400_000
    expect(ann).toEqual({
      customer_id: 'ann',
      all_events: 6,
      purchases: 1,
      distinctEvents: 2,
      since_purchase: toPurchaseDays,
      recent: 10,
      'eventShares:buy': 1 / 6,
      'eventShares:other': 5 / 6,
    })
    expect(bob).toMatchObject({
      all_events: 0,
      purchases: 0,
      since_purchase: null,
      recent: 10,
      'eventShares:buy': null,
    })
  })
})

describe('features of customers', () => {
  it('count completed years, and name the generation', async () => {
    await customers(
      "('ann', '1990-01-31', 'DE', 12.5), ('bob', '1990-02-01', null, null), ('cat', null, 'FR', 3), ('dan', '1920-05-05', 'FR', 1), ('eve', '2015-05-05', 'FR', 1)",
      'customer_id varchar, birth_date date, country varchar, points decimal(18, 4)',
    )
    const rows = await rowsOf([
      'age',
      'generation',
      'country',
      { attribute: { column: 'country', as: 'land' } },
      { numberAttribute: { column: 'points', as: 'loyalty' } },
    ])
    // On 31 January 2026: ann's birthday is that day, bob's the day after.
    expect(rows).toEqual([
      { customer_id: 'ann', age: 36, generation: 'millennial', country: 'DE', land: 'DE', loyalty: 12.5 },
      { customer_id: 'bob', age: 35, generation: 'millennial', country: null, land: null, loyalty: null },
      { customer_id: 'cat', age: null, generation: null, country: 'FR', land: 'FR', loyalty: 3 },
      { customer_id: 'dan', age: 105, generation: 'earlier', country: 'FR', land: 'FR', loyalty: 1 },
      { customer_id: 'eve', age: 10, generation: 'later', country: 'FR', land: 'FR', loyalty: 1 },
    ])
  })

  it('class companies by head count, and give their age', async () => {
    await customers(
      "('a', 9, '2025-01-31'), ('b', 10, '2025-02-01'), ('c', 249, null), ('d', 250, null), ('e', null, null)",
      'customer_id varchar, employees decimal(18, 4), founded_on date',
    )
    const rows = await rowsOf(['companySize', 'companySizeClass', 'companyAge'])
    expect(rows).toEqual([
      { customer_id: 'a', companySize: 9, companySizeClass: 'micro', companyAge: 1 },
      { customer_id: 'b', companySize: 10, companySizeClass: 'small', companyAge: 0 },
      { customer_id: 'c', companySize: 249, companySizeClass: 'medium', companyAge: null },
      { customer_id: 'd', companySize: 250, companySizeClass: 'large', companyAge: null },
      { customer_id: 'e', companySize: null, companySizeClass: null, companyAge: null },
    ])
  })

  it('refuse a column that no source maps, and one without numbers', async () => {
    await customers("('ann', 'DE')", 'customer_id varchar, country varchar')
    await expect(rowsOf([{ attribute: { column: 'tier' } }])).rejects.toThrow(ConfigInvalid)
    await expect(rowsOf([{ numberAttribute: { column: 'country' } }])).rejects.toThrow('needs numbers')
  })
})
