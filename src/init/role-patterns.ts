import type { SourceRole } from '../run/data-roles.ts'
import type { SampledColumn } from './column-kind.ts'
import {
  anyId,
  channel,
  customerId,
  customerPatterns,
  numbers,
  plainInstants,
  transactionPatterns,
  type NamePattern,
} from './column-names.ts'

const TRUTHS = /^(true|t|yes|y|1|false|f|no|n|0)$/i
const texts = ['text', 'integer'] as const

function occurredAt(...names: readonly RegExp[]): NamePattern {
  return { column: 'occurred_at', kinds: ['instant'], names: [...names, ...plainInstants] }
}

/** Only words that the engine takes for a yes or a no. */
export function holdsTruths({ values }: SampledColumn): boolean {
  return values.length > 0 && values.every((value) => TRUTHS.test(value))
}

const otherId =
  /^(other|old|alias|merged|previous|former|secondary|duplicate|dup|source|external|anonymous|device|cookie|visitor|from)_?(customer|user|client)?_?(id|no|nr)$/
const lastingId =
  /^(master|canonical|primary|surviving|survivor|winner|target|parent|main|new|to)_(customer|user|client)?_?(id|no|nr)$/

/** Columns of each role, in the order in which they are looked for. */
export const rolePatterns: Readonly<Record<SourceRole, readonly NamePattern[]>> = {
  transactions: transactionPatterns,
  customers: customerPatterns,
  events: [
    customerId,
    {
      column: 'event',
      kinds: texts,
      names: [
        /^(event|event_?(name|type|action)|action|activity|interaction|ereignis)$/,
        /^(page|page_?(name|path|url)|screen(_?name)?|feature(_?name)?)$/,
      ],
    },
    occurredAt(/^event_?(at|on|date|time|timestamp)$/),
    { column: 'session_id', kinds: anyId, names: [/^(session|visit|user_session)(_?(id|no|nr))?$/] },
    { ...channel, names: [...channel.names, /^(device|platform)(_type)?$/] },
    { column: 'value', kinds: numbers, names: [/^(value|event_value)$/] },
  ],
  survey: [
    customerId,
    { column: 'question', kinds: texts, names: [/^(question|frage)(_?(id|text|key|code|name|no|nr))?$/, /^item$/] },
    {
      column: 'answer',
      kinds: [...texts, 'decimal'],
      names: [/^(answer|response|antwort)(_?(value|text|code))?$/, /^(rating|score|value)$/],
    },
    occurredAt(/^(answer|answered|response|responded|submitted|submission|completed|survey)_?(at|on|date|time)$/),
  ],
  tickets: [
    {
      column: 'ticket_id',
      kinds: anyId,
      names: [/^(support_)?(ticket|case|complaint|incident|inquiry|anfrage|beschwerde)_?(id|no|nr|number|key)$/],
    },
    customerId,
    occurredAt(/^(opened|created|reported|received|submitted|raised)_?(at|on|date|time)?$/),
    {
      column: 'topic',
      kinds: texts,
      names: [
        /^(topic|ticket_(type|category|topic)|issue(_type)?|complaint_type|thema|anliegen)$/,
        /^(category|reason|type)$/,
      ],
    },
    { column: 'is_complaint', kinds: texts, names: [/^(is_?complaint|complaint|beschwerde)$/], holds: holdsTruths },
    {
      column: 'satisfaction',
      kinds: numbers,
      names: [/^(satisfaction|csat|satisfaction_(score|rating)|zufriedenheit)$/, /^(rating|score)$/],
    },
    { column: 'resolved_at', kinds: ['instant'], names: [/^(resolved|closed|solved|completed)_?(at|on|date|time)?$/] },
    channel,
  ],
  touches: [
    customerId,
    {
      column: 'campaign',
      kinds: texts,
      names: [/^(campaign|kampagne|mailing|newsletter)(_?(id|name|key|code|no|nr))?$/],
    },
    occurredAt(
      /^(sent|send|contacted|contact|touched|delivered|exposed|redeemed|redemption|start|started)_?(at|on|date|time)$/,
    ),
    { ...channel, names: [...channel.names, /^campaign_(type|channel)$/] },
    { column: 'cost', kinds: numbers, names: [/^(cost|costs|contact_cost|kosten)$/] },
    {
      column: 'responded',
      kinds: texts,
      names: [/^(is_|has_)?(responded|response|converted|conversion|clicked|redeemed|reaktion)$/],
      holds: holdsTruths,
    },
    { column: 'revenue', kinds: numbers, names: [/^(revenue|conversion_value|umsatz)$/] },
  ],
  overrides: [
    customerId,
    { column: 'segment', kinds: ['text'], names: [/^((to|new|target|assigned)_)?segment(_?(key|name))?$/] },
    { column: 'stated_reason', kinds: ['text'], names: [/^(stated_?)?(reason|why|grund|justification|comment|note)$/] },
    {
      column: 'author',
      kinds: ['text'],
      names: [/^(author|decided_by|set_by|created_by|entered_by|assigned_by|owner|user|who)$/],
    },
    {
      column: 'starts',
      kinds: ['instant'],
      names: [/^(starts?|valid_from|effective(_from)?|from|since)(_?(at|on|date))?$/],
    },
    {
      column: 'expires',
      kinds: ['instant'],
      names: [/^(expires?|expiry|expiration|valid_(to|until)|until|ends?)(_?(at|on|date))?$/],
    },
  ],
  identities: [
    { column: 'other_id', kinds: anyId, names: [otherId] },
    { ...customerId, names: [lastingId, ...customerId.names.slice(0, 2)] },
  ],
  consent: [
    customerId,
    {
      column: 'granted',
      kinds: texts,
      names: [/^(granted|consent|consent_(given|granted)|has_consent(ed)?|agreed|opt(ed)?_?in|einwilligung)$/],
      holds: holdsTruths,
    },
    { column: 'purpose', kinds: ['text'], names: [/^(purpose|consent_(type|purpose)|zweck)$/] },
    occurredAt(/^(granted|given|consent|agreed|updated)_?(at|on|date|time)$/),
  ],
  exclusions: [customerId, { column: 'reason', kinds: ['text'], names: [/^(reason|why|grund|type)$/] }],
  rates: [
    {
      column: 'currency',
      kinds: ['text'],
      names: [/^((from_)?currency(_code)?|w(ä|ae)hrung)$/],
      holds: ({ values }) => values.length > 0 && values.every((value) => /^[A-Z]{3}$/.test(value)),
    },
    occurredAt(/^(rate|valid)_?(at|on|from|date)$/),
    { column: 'rate', kinds: numbers, names: [/^(rate|exchange_rate|fx_rate|kurs|wechselkurs)$/] },
  ],
}
