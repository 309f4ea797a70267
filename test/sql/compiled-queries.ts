import { rowDigestSql } from '../../src/adapters/duckdb/row-digest.ts'
import { compileCleanse } from '../../src/stages/cleanse/compile-cleanse.ts'
import { cleanseConfig } from '../../src/stages/cleanse/config.ts'
import { nameRules } from '../../src/stages/cleanse/name-rules.ts'
import { compileBounds, compileHistogram, plannedOutliers } from '../../src/stages/cleanse/outlier-bounds.ts'
import type { CarriedRole } from '../../src/run/data-roles.ts'
import { compileSample } from '../../src/stages/cluster/sql.ts'
import { featureNames } from '../../src/stages/features/catalogue.ts'
import { CREATE_MOVED } from '../../src/stages/validate/live-sql.ts'
import * as validate from '../../src/stages/validate/sql.ts'
import { distributionQueries } from './distribution-queries.ts'
import { compileUnseenCustomers, compileUnseenLevels } from '../../src/stages/validate/unseen-levels.ts'
import { extractQueries } from './extract-queries.ts'
import { featureQueries } from './feature-queries.ts'
import { methodQueries } from './method-queries.ts'
import { moveQueries } from './move-queries.ts'
import { overrideQueries } from './override-queries.ts'
import type { CompiledQueries } from './stage-queries.ts'

const lineColumns = `bucket integer, customer_id varchar, occurred_at timestamp, order_id varchar, amount decimal(18, 4),
  quantity decimal(18, 4), unit_price decimal(18, 4), product varchar, category varchar`
const overrideColumns =
  'bucket integer, customer_id varchar, segment varchar, stated_reason varchar, author varchar, starts timestamp, expires timestamp'
const featureColumns = `bucket integer, customer_id varchar, ${featureNames.map((name) => `"${name}" double`).join(', ')}`

function cleanse(
  config: readonly unknown[],
  role: CarriedRole = 'transactions',
  declared = `${lineColumns}, event varchar`,
): CompiledQueries['queries'] {
  const columns = [
    ...columnsOf(declared),
    { name: 'source_name', type: 'VARCHAR' },
    { name: 'type_faults', type: 'VARCHAR' },
  ]
  const named = nameRules(cleanseConfig.parse(config), role, 'transactions')
  const facts = {
    role,
    asOf: '2026-10-01T00:00:00Z',
    staleBefore: { '24 months': '2024-10-01T00:00:00Z' },
    bounds: { 'outliers(amount)': { lower: '1.0000', upper: '99.0000' } },
  }
  const compiled = compileCleanse(named, 'raw', columns, facts)
  const judged = (query: string): string => `with judged as (${compiled.judged}) ${query}`
  const { netting } = compiled
  const planned = plannedOutliers(named).map((one, index) => {
    const { judge, histogram } = compileHistogram(one, 'raw', columns, facts)
    return [
      [`histogram ${index}`, `with judged as (${judge.judged}) ${histogram}`],
      [`bounds ${index}`, compileBounds(one.rule)],
    ]
  })
  return {
    judged: compiled.judged,
    clean: judged(compiled.clean.query),
    rejects: judged(compiled.rejects.query),
    counts: judged(compiled.counts),
    reasons: judged(compiled.reasons),
    ...(netting && {
      lines: judged(netting.lines),
      moved: judged(netting.createMoved.replace(/^\s*create or replace temp table moved as/, '')),
      netted: judged(netting.counts),
    }),
    ...Object.fromEntries(compiled.fixes.map((query, index) => [`fixes ${index}`, judged(query)])),
    ...(Object.fromEntries(planned.flat()) as Record<string, string>),
  }
}

function columnsOf(declared: string): readonly { readonly name: string; readonly type: string }[] {
  return declared.split(/,\s+(?=[a-z_]+ )/).map((column) => {
    const [name, ...type] = column.split(' ')
    return { name: name!, type: type.join(' ').toUpperCase() }
  })
}

const allRules = [
  { rule: 'duplicates' },
  { rule: 'duplicates', by: ['order_id', 'product'], keep: 'last' },
  { rule: 'testCustomers', ids: ['test'], pattern: 'T.*', when: { sql: "channel = 'staff'" } },
  { rule: 'allowed', column: 'category', values: ['a', 'b'], to: null, do: 'fix' },
  { rule: 'pattern', column: 'product', matches: 'P.*', do: 'fix' },
  { rule: 'future', do: 'fix' },
  { rule: 'inconsistent', column: 'category', do: 'fix' },
  { rule: 'cancellations', when: { sql: "order_id like 'C%'" }, do: 'net' },
  { rule: 'range', column: 'amount', above: 0, do: 'fail' },
  { rule: 'outliers', column: 'amount', quantiles: { lower: 0.01, upper: 0.99 }, do: 'fix' },
  { rule: 'stale', column: 'occurred_at', olderThan: '24 months', columns: ['category'], do: 'fix' },
  { rule: 'sql', name: 'own', when: { sql: 'quantity > 99' }, do: 'drop' },
  { rule: 'types', do: 'quarantine', maxShare: 0.1 },
]
/** What the queries of cleansing read. */
const cleanseTables = [
  `create table raw (${lineColumns}, event varchar, source_name varchar, type_faults varchar, __row bigint)`,
  'create table test_customers_2 (customer_id varchar)',
  'create table known_customers (customer_id varchar)',
  'create table netted (__line integer, __purchase integer)',
  'create table moved (__purchase integer, __moved_amount decimal(18, 4), __moved_quantity decimal(18, 4))',
  'create table histogram (value decimal(18, 4), rows bigint)',
]
const cleanseKeys = { raw: [['__row']], netted: [['__line']], moved: [['__purchase']] }
const selectOf = (statement: string): string => statement.replace(/^\s*create table \w+ as/i, '')

/** A stage that compiles SQL adds itself here. */
export const compiledQueries: Readonly<Record<string, CompiledQueries>> = {
  'cleanse with every rule': {
    tables: cleanseTables,
    keys: cleanseKeys,
    queries: cleanse(allRules),
  },
  'cleanse with its own rules': {
    tables: cleanseTables,
    keys: cleanseKeys,
    queries: cleanse([]),
  },
  ...extractQueries,
  ...featureQueries,
  ...distributionQueries,
  ...moveQueries,
  'cleanse of another role': {
    tables: cleanseTables,
    keys: cleanseKeys,
    queries: cleanse([{ rule: 'outliers', of: 'events', column: 'amount', madTimes: 3, do: 'drop' }], 'events'),
  },
  ...overrideQueries,
  'cleanse of overrides': {
    tables: [
      `create table raw (${overrideColumns}, source_name varchar, type_faults varchar, __row bigint)`,
      ...cleanseTables.slice(1),
    ],
    keys: cleanseKeys,
    queries: cleanse([], 'overrides', overrideColumns),
  },
  cluster: {
    tables: [`create table features (${featureColumns})`],
    keys: { features: [['customer_id']] },
    queries: {
      sample: compileSample('features', featureNames, 50_000),
      ...methodQueries('features'),
    },
  },
  validate: {
    tables: [
      `create table candidate (bucket integer, customer_id varchar, cluster integer, distance double, confidence double, next_cluster integer, is_outlier boolean)`,
      `create table features (${featureColumns})`,
      'create table live (customer_id varchar, segment_key varchar)',
      'create table segment_keys (cluster integer, segment_key varchar)',
      `create table population (customer_row integer, bucket integer, customer_id varchar, cluster integer, previous_segment_key varchar, recency double, channel varchar)`,
      'create table resolved (customer_id varchar, previous_segment_key varchar, segment_key varchar, move_reason varchar)',
      'create table lost (customer_id varchar, previous_segment_key varchar)',
    ],
    keys: {
      candidate: [['customer_id']],
      features: [['customer_id']],
      live: [['customer_id']],
      segment_keys: [['cluster']],
      population: [['customer_row']],
    },
    queries: {
      population: selectOf(
        validate.compilePopulation({
          candidateFiles: ['candidate'],
          featureFiles: ['features'],
        }),
      ),
      overlap: validate.COUNT_OVERLAP,
      live: validate.COUNT_LIVE,
      moved: selectOf(CREATE_MOVED),
      lost: validate.LOST,
      unseenCustomers: compileUnseenCustomers([{ feature: 'channel', known: ['web'] }]),
      unseenLevels: compileUnseenLevels({ feature: 'channel', known: ['web'] }),
      transitions: validate.COUNT_TRANSITIONS,
      movedCustomers: validate.compileMovedCustomers(['resolved'], ['lost'], { from: 'shop-1', to: 'none' }),
    },
  },
  'row fingerprints': {
    tables: ['create table raw (a varchar, b double)'],
    keys: {},
    queries: {
      digest: rowDigestSql('raw', [
        { name: 'a', type: 'VARCHAR' },
        { name: 'b', type: 'DOUBLE' },
      ]),
    },
  },
}
