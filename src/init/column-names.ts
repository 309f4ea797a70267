import type { ColumnKind, SampledColumn } from './column-kind.ts'

/** What people call a column that has a meaning, the surest names first. */
export interface NamePattern {
  readonly column: string
  readonly kinds: readonly ColumnKind[]
  readonly names: readonly RegExp[]
  /** What its values must be like beside. */
  readonly holds?: (column: SampledColumn) => boolean
}

const id = '(id|no|nr|num|number|nummer|code|key)'
const person =
  '(customer|client|cust|user|household|member|buyer|shopper|account|kunden?|person|subscriber|player|guest)'
export const anyId: readonly ColumnKind[] = ['text', 'integer', 'instant']
export const numbers: readonly ColumnKind[] = ['integer', 'decimal']

export const customerId: NamePattern = {
  column: 'customer_id',
  // Spreadsheets and pandas make floating numbers of ids with gaps.
  kinds: [...anyId, 'decimal'],
  names: [
    new RegExp(`^${person}_?(unique_)?${id}$`),
    /^(customer|client|user|household|member|buyer|shopper|account|kunde)$/,
    new RegExp(`(customer|client|user|household|kunden)_?${id}$`),
    // Nothing better: a name, an address of mail.
    /^(customer|client|household|member|kunden?)_?name$/,
    /^e_?mail(_address)?$/,
  ],
}

/** Instants that any kind of row may have. */
export const plainInstants: readonly RegExp[] = [
  /^(occurred|happened|recorded)_?(at|on)$/,
  /^(date|datum|time|timestamp|datetime|day|tag|ts|created_at|event_time)$/,
  /(date|datum|time|timestamp)$/,
  /_(at|on)$/,
]

export const channel: NamePattern = {
  column: 'channel',
  kinds: ['text'],
  names: [/^(channel|sales_channel|kanal|origin|medium|ship_mode|utm_medium)$/],
}

/** In the order in which they are looked for; a column serves one of them. */
export const transactionPatterns: readonly NamePattern[] = [
  customerId,
  {
    column: 'order_id',
    kinds: anyId,
    names: [
      new RegExp(`^(order|invoice|basket|receipt|transaction|bill|sale|beleg|bestell|rechnungs?)_?${id}$`),
      /^(order|invoice|basket|receipt|bestellung|rechnung|beleg)$/,
    ],
  },
  {
    column: 'occurred_at',
    kinds: ['instant'],
    names: [
      /^(order|invoice|purchase|order_purchase|transaction|sale|basket|bestell|rechnungs?|kauf)_?(date|time|timestamp|datetime|datum)$/,
      /^(ordered|purchased|occurred|bought|sold|invoiced)_?(at|on)$/,
      ...plainInstants,
    ],
  },
  {
    column: 'amount',
    kinds: numbers,
    names: [
      /^(amount|line_amount|line_total|sales_value|net_amount|revenue|umsatz|betrag|dollar_value|payment_value)$/,
      /^(sales|total|total_amount|value|spend|gross_amount|amount_\w+|\w+_amount)$/,
    ],
  },
  { column: 'quantity', kinds: numbers, names: [/^(quantity|qty|units|menge|anzahl|number_of_\w+|count)$/] },
  { column: 'unit_price', kinds: numbers, names: [/^(unit_price|unitprice|price_per_unit|price|preis|einzelpreis)$/] },
  { column: 'discount', kinds: numbers, names: [/^(discount|discount_amount|rabatt)$/] },
  { column: 'cost', kinds: numbers, names: [/^(cost|costs|line_cost|kosten|cogs)$/] },
  {
    column: 'product',
    kinds: anyId,
    names: [
      new RegExp(`^(product|stock|item|article|artikel|sku)_?${id}$`),
      /^(sku|product|item|article|artikel)$/,
      /^(product|item|article|artikel)_?name$/,
    ],
  },
  {
    column: 'category',
    kinds: ['text', 'integer'],
    names: [
      /^(category|department|product_category|category_name|product_category_name|product_group|warengruppe|kategorie|genre|division)$/,
      new RegExp(`^(product_)?(category|genre|department|group)_?${id}$`),
    ],
  },
  channel,
]

/** Attributes of a customer. */
export const customerPatterns: readonly NamePattern[] = [
  customerId,
  { column: 'birth_date', kinds: ['instant'], names: [/^(birth_?date|birthday|date_of_birth|dob|geburtsdatum)$/] },
  { column: 'gender', kinds: ['text', 'integer'], names: [/^(gender|sex|geschlecht)$/] },
  { column: 'country', kinds: ['text'], names: [/^(country|country_code|land)$/] },
  { column: 'region', kinds: ['text'], names: [/^(region|state|province|bundesland)$/] },
  { column: 'city', kinds: ['text'], names: [/^(city|town|ort|stadt)$/] },
  { column: 'postal_code', kinds: ['text', 'integer'], names: [/^(postal_code|zip|zip_code|postcode|plz)$/] },
  { column: 'income', kinds: numbers, names: [/^(income|annual_income|einkommen)/] },
  { column: 'income_band', kinds: ['text'], names: [/^(income|income_band|einkommen)/] },
  { column: 'employees', kinds: numbers, names: [/^(employees|headcount|mitarbeiter)/] },
  { column: 'industry', kinds: ['text'], names: [/^(industry|sector|branche)$/] },
  { column: 'founded_on', kinds: ['instant'], names: [/^founded/] },
  {
    column: 'registered_at',
    kinds: ['instant'],
    names: [/^(registered|registration|signed_up|signup|joined|created|member_since)/],
  },
  { column: 'preferred_channel', kinds: ['text'], names: [/^(preferred|favou?rite)_channel$/] },
]

/** `CustomerID` and `Customer Id` are `customer_id` to people. */
export function plainName(name: string): string {
  return name
    .replaceAll(/([\p{Ll}\d])(\p{Lu})/gu, '$1_$2')
    .replaceAll(/(\p{Lu})(\p{Lu}\p{Ll})/gu, '$1_$2')
    .replaceAll(/[^\p{L}\p{N}]+/gu, '_')
    .replaceAll(/^_|_$/g, '')
    .toLowerCase()
}

/** What a column is called where its table is not in sight: `id` of `raw_orders` is `order_id`. */
export function fullName(place: string, column: string): string {
  const plain = plainName(column)
  if (!/^(id|nr|no|key|name)$/.test(plain)) return plain
  const thing = plainName(place).replace(/^(raw|stg|staging|src|dim|fct|fact|tbl)_/, '')
  return `${singular(thing)}_${plain}`
}

function singular(noun: string): string {
  if (/ies$/.test(noun)) return noun.replace(/ies$/, 'y')
  return /[^s]s$/.test(noun) ? noun.slice(0, -1) : noun
}
