import { HASH_LIST, HASH_PADS } from '../../src/sql/keyed-hash.ts'
import { source as sourceConfig } from '../../src/stages/extract/config.ts'
import * as control from '../../src/stages/extract/control-tables.ts'
import { compileFitted, compileSamples, type SourceRows } from '../../src/stages/extract/fitted-rows.ts'
import { compileGuess } from '../../src/stages/extract/guess-format.ts'
import { mapSource } from '../../src/stages/extract/mapping.ts'
import * as role from '../../src/stages/extract/role-rows.ts'
import { shapeRole } from '../../src/stages/extract/role-shape.ts'
import { shardOf } from '../../src/stages/extract/shards.ts'
import * as rows from '../../src/stages/extract/source-rows.ts'
import { dialectOf } from '../../src/stages/extract/written-text.ts'
import type { CompiledQueries } from './stage-queries.ts'

const asOf = '2026-10-01T00:00:00Z'
const lines = sourceConfig.parse({
  from: {
    file: 'lines.csv',
    csv: { decimal: ',', thousands: '.', nulls: ['-'], dateFormat: '%d.%m.%Y', timestampFormat: '%d.%m.%Y %H:%M' },
  },
  columns: {
    customer_id: 'customer',
    occurred_at: 'day',
    order_id: 'no',
    amount: { sql: 'quantity * price' },
    quantity: 'quantity',
    product: 'sku',
    currency: 'ccy',
    gift: { column: 'gift', type: 'boolean' },
    weight: { column: 'weight', type: 'integer' },
    packed_on: { column: 'packed', type: 'date' },
  },
  types: { quantity: 'integer', price: 'decimal' },
  timezone: 'Europe/Berlin',
  recordedAt: 'seen',
  key: ['order_id', 'product'],
  validity: { from: 'since', to: 'until' },
  lookups: [{ source: 'products', on: 'product', columns: ['category', 'cost'] }],
})
const products = sourceConfig.parse({
  from: { file: 'products.csv' },
  columns: { product: 'sku', category: 'kind', cost: 'cost' },
})
const texts = 'customer day no quantity price sku ccy gift weight packed seen since until'.split(' ')
const mapping = mapSource(
  { source: lines, sourceName: 'lines', role: 'transactions' },
  texts,
  new Map([['quantity * price', { names: ['quantity', 'price'], usesAll: false }]]),
)
const source: SourceRows = {
  source: lines,
  mapping,
  dialect: dialectOf(lines)!,
  relation: { sql: 'texts', columns: Object.fromEntries(texts.map((name) => [name, 'VARCHAR'])) },
}
const types = { quantity: 'BIGINT', amount: 'DECIMAL(38,6)' }
const fitted = compileFitted(
  source,
  Object.fromEntries(mapping.columns.map(({ name }) => [name, types[name as keyof typeof types] ?? 'VARCHAR'])),
)
const names = mapping.columns.map(({ name }) => name)
const lookup = { on: 'product', columns: ['category', 'cost'] }
const counted = rows.compileSourceRows({
  fitted: `(${fitted})`,
  columns: names,
  lookups: [{ ...lookup, relation: 'products' }],
  key: lines.key!,
  asOf,
})
const shape = shapeRole('transactions', [{ sourceName: 'lines', source: lines }], { lines, products })
const roleSource = { sourceName: 'lines', rows: `(${counted.query})`, columns: counted.columns, currency: undefined }
const controls = { hasIdentities: true, hasExclusions: true, hasConsent: true, hasSuppressed: true, convertInto: 'EUR' }
const united = role.compileRoleRows(shape, [roleSource], controls)
const artifact = role.compileArtifactRows(shape, `(${united.query})`)

/** What `extract` has the engine run, with everything that a source and a pipeline can ask for. */
export const extractQueries: Readonly<Record<string, CompiledQueries>> = {
  extract: {
    tables: [
      `create table texts (${texts.map((name) => `${name} varchar`).join(', ')})`,
      `create table products (product varchar, category varchar, cost decimal(18, 4), type_faults varchar, ":state" varchar)`,
      `create table ${control.IDENTITY} (other_id varchar, customer_id varchar)`,
      `create table ${control.LEFT_OUT} (customer_id varchar, reason varchar)`,
      `create table ${control.CONSENTED} (customer_id varchar)`,
      `create table ${control.SUPPRESSED} (customer_id varchar)`,
      `create table ${HASH_LIST} (hash varchar)`,
      `create table ${HASH_PADS} (inner_pad blob, outer_pad blob)`,
      `create table ${control.RATES} (currency varchar, occurred_at timestamp, rate decimal(18, 8))`,
      'create table answers (customer_id varchar, occurred_at timestamp, purpose varchar, granted boolean, type_faults varchar, ":state" varchar)',
    ],
    keys: {
      [control.IDENTITY]: [['other_id']],
      [control.LEFT_OUT]: [['customer_id']],
      [control.CONSENTED]: [['customer_id']],
      [control.SUPPRESSED]: [['customer_id']],
      [HASH_LIST]: [['hash']],
      [control.RATES]: [['currency', 'occurred_at']],
    },
    queries: {
      fitted,
      samples: compileSamples(source, mapping.columns[1]!, 3)!,
      guess: compileGuess(compileSamples(source, mapping.columns[1]!, 1000)!),
      counted: counted.query,
      counts: rows.compileSourceCounts(`(${counted.query})`, counted.columns, 1, asOf),
      lookup: rows.compileLookupRows('products', lookup),
      'repeated keys': rows.compileRepeatedKeys('products', 'product'),
      currencies: role.compileCurrencies(shape, [roleSource]),
      united: united.query,
      'left out': role.compileLeftOutCustomers(`(${united.query})`),
      'rows by source': role.compileRoleCounts(`(${united.query})`),
      'missing rates': role.compileMissingRates(`(${united.query})`),
      artifact: artifact.query,
      shard: shardOf(artifact.query, 1, 3),
      links: control.compileLinks(`SELECT other_id, customer_id FROM ${control.IDENTITY}`),
      'contested links': control.CONTESTED_LINKS,
      jumped: control.JUMPED_LINKS,
      'open links': control.OPEN_LINKS,
      'customers left out': control.compileLeftOut(`SELECT customer_id, reason FROM ${control.LEFT_OUT}`, true),
      consented: control.compileConsented('SELECT * FROM answers', 'profiling', asOf, true),
      'control rows': control.compileControlRows(
        [{ rows: 'answers', columns: ['customer_id', 'granted'] }],
        [
          { name: 'customer_id', type: 'VARCHAR' },
          { name: 'granted', type: 'BOOLEAN' },
          { name: 'purpose', type: 'VARCHAR' },
        ],
      ),
      suppressed: control.compileSuppressed(['answers'], true),
      misfits: control.compileMisfits('SELECT * FROM answers'),
      rates: control.compileRates(`SELECT * FROM ${control.RATES}`),
      'contested rates': control.CONTESTED_RATES,
    },
  },
}
