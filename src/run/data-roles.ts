/** What a source may be to a pipeline, and the columns that have a meaning in each role. */
export type ColumnType = 'text' | 'timestamp' | 'date' | 'decimal' | 'integer' | 'boolean'

/** Roles whose rows features are made of. */
export const dataRoles = ['transactions', 'customers', 'events', 'survey', 'tickets', 'touches'] as const
/** Roles whose rows travel through the stages, one file a shard each. */
export const carriedRoles = [...dataRoles, 'overrides'] as const
/** Roles that `extract` itself obeys: they decide which rows count and to whom they belong. */
export const controlRoles = ['identities', 'consent', 'exclusions', 'rates'] as const

export type DataRole = (typeof dataRoles)[number]
export type CarriedRole = (typeof carriedRoles)[number]
export type ControlRole = (typeof controlRoles)[number]
export type SourceRole = CarriedRole | ControlRole

export interface RoleColumns {
  readonly meaning: string
  /** Mapped by every source of the role. */
  readonly required: readonly string[]
  /** Column → type, in the order of the artifact. Any other name is carried along as the type its mapping says; text by default. */
  readonly columns: Readonly<Record<string, ColumnType>>
}

export const roles: Readonly<Record<SourceRole, RoleColumns>> = {
  transactions: {
    meaning: 'Orders or order lines: what was bought, when, by whom, for how much.',
    required: ['customer_id', 'occurred_at', 'order_id', 'amount'],
    columns: {
      customer_id: 'text',
      occurred_at: 'timestamp',
      order_id: 'text',
      amount: 'decimal',
      quantity: 'decimal',
      unit_price: 'decimal',
      discount: 'decimal',
      cost: 'decimal',
      product: 'text',
      category: 'text',
      channel: 'text',
      currency: 'text',
    },
  },
  customers: {
    meaning: 'Attributes of customers: one row a customer, or one a version of a customer.',
    required: ['customer_id'],
    columns: {
      customer_id: 'text',
      birth_date: 'date',
      gender: 'text',
      country: 'text',
      region: 'text',
      city: 'text',
      postal_code: 'text',
      income: 'decimal',
      wealth: 'decimal',
      income_band: 'text',
      employees: 'decimal',
      industry: 'text',
      founded_on: 'date',
      registered_at: 'timestamp',
      preferred_channel: 'text',
    },
  },
  events: {
    meaning: 'What customers did on a site or in a product.',
    required: ['customer_id', 'occurred_at', 'event'],
    columns: {
      customer_id: 'text',
      occurred_at: 'timestamp',
      event: 'text',
      session_id: 'text',
      channel: 'text',
      value: 'decimal',
    },
  },
  survey: {
    meaning: 'Answers to questions, one row an answer.',
    required: ['customer_id', 'occurred_at', 'question', 'answer'],
    columns: { customer_id: 'text', occurred_at: 'timestamp', question: 'text', answer: 'text' },
  },
  tickets: {
    meaning: 'Contacts with support, complaints among them.',
    required: ['customer_id', 'occurred_at', 'ticket_id'],
    columns: {
      customer_id: 'text',
      occurred_at: 'timestamp',
      ticket_id: 'text',
      topic: 'text',
      is_complaint: 'boolean',
      satisfaction: 'decimal',
      resolved_at: 'timestamp',
      channel: 'text',
    },
  },
  touches: {
    meaning: 'Contacts of campaigns with customers, their cost and the response.',
    required: ['customer_id', 'occurred_at', 'campaign'],
    columns: {
      customer_id: 'text',
      occurred_at: 'timestamp',
      campaign: 'text',
      channel: 'text',
      cost: 'decimal',
      responded: 'boolean',
      revenue: 'decimal',
    },
  },
  overrides: {
    meaning:
      'Customers that people put into segments, whatever the method says: into which, why, who says so, until when.',
    required: ['customer_id', 'segment', 'stated_reason', 'author'],
    columns: {
      customer_id: 'text',
      segment: 'text',
      stated_reason: 'text',
      author: 'text',
      starts: 'timestamp',
      expires: 'timestamp',
    },
  },
  identities: {
    meaning:
      'Other ids of a customer: `other_id` is the same customer as `customer_id`; chains are followed to their end.',
    required: ['other_id', 'customer_id'],
    columns: { other_id: 'text', customer_id: 'text' },
  },
  consent: {
    meaning: 'Who agreed to what: the latest row before the as-of counts.',
    required: ['customer_id', 'granted'],
    columns: { customer_id: 'text', occurred_at: 'timestamp', purpose: 'text', granted: 'boolean' },
  },
  exclusions: {
    meaning: 'Customers to leave out: staff, test accounts, objections.',
    required: ['customer_id'],
    columns: { customer_id: 'text', reason: 'text' },
  },
  rates: {
    meaning:
      'What a unit of `currency` is worth in the currency of the pipeline; the latest row at or before an instant counts.',
    required: ['currency', 'occurred_at', 'rate'],
    columns: { currency: 'text', occurred_at: 'timestamp', rate: 'decimal' },
  },
}

/** Names that artifacts give columns of their own. */
export const reservedColumns = ['bucket', 'source_name', 'type_faults', 'is_return', 'rule', 'reason'] as const
