import { describe, expect, it } from 'vitest'
import { guessOf, type LookedPlace } from '../../src/init/guesses.ts'
import { roles } from '../../src/run/data-roles.ts'
import { place } from './place.ts'
import { all, people, purchases, sourcesOf } from './shop-places.ts'

function columnsOf(places: readonly LookedPlace[], role: string): Readonly<Record<string, unknown>> {
  const source = sourcesOf(places).find((one) => one.role === role)!
  return Object.fromEntries(source.columns.map(({ column, from }) => [column, from]))
}

describe('a role is told by columns', () => {
  it('each of its own, whatever lies beside', () => {
    expect(Object.fromEntries(sourcesOf(all).map(({ name, role }) => [name, role]))).toEqual({
      orders: 'transactions',
      tracking: 'events',
      nps: 'survey',
      helpdesk: 'tickets',
      mailings: 'touches',
      permissions: 'consent',
      staff_accounts: 'exclusions',
      merges: 'identities',
      manual_segments: 'overrides',
      ecb: 'rates',
      crm: 'customers',
    })
  })

  it('and every guess has all columns that its role must have, and a reason', () => {
    for (const { role, columns, because } of sourcesOf(all)) {
      if (role === 'lookup' || role === 'none') continue
      expect(because).not.toBe('')
      for (const name of roles[role].required)
        expect(guessOf({ columns }, name)?.because, `${role} ${name}`).toBeTruthy()
    }
  })

  it('with the names that people give them', () => {
    expect(columnsOf(all, 'events')).toEqual({
      customer_id: 'user_id',
      event: 'event_name',
      occurred_at: 'ts',
      session_id: 'session_id',
    })
    expect(columnsOf(all, 'tickets')).toEqual({
      ticket_id: 'ticket_id',
      customer_id: 'customer_id',
      occurred_at: 'opened_at',
      topic: 'topic',
      is_complaint: 'is_complaint',
      satisfaction: 'csat',
      resolved_at: 'closed_at',
    })
    expect(columnsOf(all, 'touches')).toEqual({
      customer_id: 'customer_id',
      campaign: 'campaign',
      occurred_at: 'sent_at',
      channel: 'channel',
      cost: 'cost',
      responded: 'responded',
      revenue: 'revenue',
    })
    expect(columnsOf(all, 'identities')).toEqual({ other_id: 'old_customer_id', customer_id: 'customer_id' })
    expect(columnsOf(all, 'overrides')).toEqual({
      customer_id: 'customer_id',
      segment: 'segment',
      stated_reason: 'reason',
      author: 'decided_by',
      starts: 'valid_from',
      expires: 'valid_until',
    })
    expect(columnsOf(all, 'rates')).toEqual({ currency: 'currency', occurred_at: 'date', rate: 'rate' })
  })

  it('but a purchase that names its campaign is a purchase', () => {
    const sales = place(
      'sales',
      ['order_id', 'customer_id', 'order_date', 'amount', 'campaign'],
      purchases.rows.map((row) => [...row.map(String), 'spring']),
    )
    expect(sourcesOf([sales])).toMatchObject([{ name: 'sales', role: 'transactions' }])
  })

  it('and names and addresses of people are no attributes', () => {
    expect(columnsOf([people], 'customers')).toEqual({
      customer_id: 'customer_id',
      registered_at: 'joined_at',
      newsletter_consent: 'newsletter_consent',
      segment: 'segment',
    })
  })

  it('an anonymous id beside the one of the user makes no list of merged ids of a log', () => {
    const log = place(
      'log',
      ['anonymous_id', 'user_id', 'event', 'ts'],
      [
        ['x', 'a', 'view', '2024-01-01'],
        ['y', 'b', 'view', '2024-01-02'],
      ],
    )
    expect(sourcesOf([log])).toMatchObject([{ role: 'customers' }, { role: 'events' }])
  })

  it('and staff with addresses of mail are not the customers of the purchases', () => {
    const staff = place(
      'employee',
      ['employee_id', 'email', 'birth_date', 'city', 'country'],
      [
        ['1', 'x@x.example', '1990-01-01', 'Rome', 'IT'],
        ['2', 'y@x.example', '1991-01-01', 'Oslo', 'NO'],
      ],
    )
    const found = sourcesOf([purchases, staff, people])
    expect(found.map(({ name, role }) => [name, role])).toEqual([
      ['orders', 'transactions'],
      ['crm', 'customers'],
      ['employee', 'none'],
    ])
    expect(sourcesOf([purchases, staff])).toMatchObject([{ role: 'transactions' }, { role: 'none' }])
  })

  it('two years of the same columns are one role', () => {
    const sources = sourcesOf([purchases, { ...purchases, name: 'orders_before' }])
    expect(sources.map(({ name, role }) => [name, role])).toEqual([
      ['orders', 'transactions'],
      ['orders_before', 'transactions'],
    ])
  })
})
