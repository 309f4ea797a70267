import { noCorrections } from '../../src/init/corrections.ts'
import { guessSources } from '../../src/init/guess-sources.ts'
import type { LookedPlace, SourceGuess } from '../../src/init/guesses.ts'
import { place } from './place.ts'

/** The templates of the catalogue and what systems export, by hand. */
export const purchases = place(
  'orders',
  ['order_id', 'customer_id', 'order_date', 'amount'],
  [
    ['1', 'a', '2024-01-01', '10.5'],
    ['2', 'a', '2024-02-01', '12.5'],
    ['3', 'b', '2024-02-02', '3.5'],
  ],
)
export const events = place(
  'tracking',
  ['user_id', 'ts', 'event_name', 'session_id', 'price'],
  [
    ['a', '2024-01-01 10:00:00', 'view', 's1', '1.5'],
    ['b', '2024-01-01 11:00:00', 'buy', 's2', '2.5'],
  ],
)
const survey = place(
  'nps',
  ['client_id', 'answered_at', 'question', 'answer'],
  [
    ['a', '2024-01-01', 'satisfaction', '4'],
    ['b', '2024-01-01', 'satisfaction', '2'],
    ['a', '2024-01-01', 'main goal', 'save time'],
    ['b', '2024-01-01', 'main goal', 'save money'],
    ['b', '2024-01-02', 'satisfaction', '5'],
  ],
)
const tickets = place(
  'helpdesk',
  ['id', 'ticket_id', 'customer_id', 'order_id', 'opened_at', 'topic', 'is_complaint', 'csat', 'closed_at'],
  [
    ['1', 't1', 'a', '1', '2024-01-01', 'billing', 'yes', '2', '2024-01-02'],
    ['2', 't2', 'a', '2', '2024-01-03', 'delivery', 'no', '5', '2024-01-03'],
  ],
)
export const touches = place(
  'mailings',
  ['campaign', 'customer_id', 'sent_at', 'channel', 'cost', 'responded', 'revenue'],
  [
    ['spring', 'a', '2024-01-01', 'mail', '0.12', 'true', '49.90'],
    ['spring', 'b', '2024-01-01', 'mail', '0.12', 'false', '0.00'],
  ],
)
const consent = place(
  'permissions',
  ['customer_id', 'opted_in', 'purpose', 'updated_at'],
  [
    ['a', '1', 'profiling', '2024-01-01'],
    ['b', '0', 'profiling', '2024-01-01'],
  ],
)
const exclusions = place('staff_accounts', ['customer_id', 'reason'], [['a', 'staff']])
const identities = place('merges', ['old_customer_id', 'customer_id'], [['x', 'a']])
const overrides = place(
  'manual_segments',
  ['customer_id', 'segment', 'reason', 'decided_by', 'valid_from', 'valid_until'],
  [
    ['a', 'VIP', 'framework contract', 'anna', '2024-01-01', '2024-12-31'],
    ['b', 'VIP', 'reference customer', 'anna', '2024-01-01', '2025-06-30'],
  ],
)
const rates = place(
  'ecb',
  ['date', 'currency', 'rate'],
  [
    ['2024-01-01', 'USD', '0.91'],
    ['2024-01-01', 'GBP', '1.15'],
  ],
)
export const people = place(
  'crm',
  ['customer_id', 'joined_at', 'newsletter_consent', 'segment', 'email'],
  [
    ['a', '2020-01-01', 'yes', 'gold', 'a@x.example'],
    ['b', '2021-01-01', 'no', 'silver', 'b@x.example'],
    ['c', '2021-01-01', 'no', 'gold', 'c@x.example'],
    ['d', '2021-01-01', 'no', 'silver', 'd@x.example'],
  ],
)
export const all = [
  purchases,
  events,
  survey,
  tickets,
  touches,
  consent,
  exclusions,
  identities,
  overrides,
  rates,
  people,
]

export function sourcesOf(places: readonly LookedPlace[], corrections = noCorrections): readonly SourceGuess[] {
  const found = guessSources(places, corrections)
  if ('missing' in found) throw new Error(`${found.nearest.name}: ${found.missing.join()}`)
  return found
}
