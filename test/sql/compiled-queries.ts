import { windowStart } from '../../src/plan/windows.ts'
import { rowDigestSql } from '../../src/adapters/duckdb/row-digest.ts'
import { compileCleanse } from '../../src/stages/cleanse/compile-cleanse.ts'
import { cleanseConfig } from '../../src/stages/cleanse/config.ts'
import { nameRules } from '../../src/stages/cleanse/name-rules.ts'
import { compileSample } from '../../src/stages/cluster/sql.ts'
import { compileFeatures, windowsOf } from '../../src/stages/features/compile-features.ts'
import { featureNames, featuresConfig } from '../../src/stages/features/config.ts'
import { resolveFeatures } from '../../src/stages/features/resolve-features.ts'
import * as validate from '../../src/stages/validate/sql.ts'
import type { TableKeys } from './unique-keys.ts'

/** What one stage has the engine run: every query its compile functions make, with the tables they read. */
export interface CompiledQueries {
  /** `create table …`: the real columns and types. */
  readonly tables: readonly string[]
  readonly keys: TableKeys
  /** Select statements by name; `read_parquet(['<table>'])` is read as that table. */
  readonly queries: Readonly<Record<string, string>>
}

const lineColumns = `bucket integer, customer_id varchar, occurred_at timestamp, order_id varchar, amount decimal(18, 4),
  quantity decimal(18, 4), unit_price decimal(18, 4), product varchar, category varchar`
const featureColumns = `bucket integer, customer_id varchar, ${featureNames.map((name) => `"${name}" double`).join(', ')}`

function cleanse(config: readonly unknown[]): CompiledQueries['queries'] {
  const columns = lineColumns.split(/,\s+(?=[a-z_]+ )/).map((column) => {
    const [name, ...type] = column.split(' ')
    return { name: name!, type: type.join(' ').toUpperCase() }
  })
  const compiled = compileCleanse(nameRules(cleanseConfig.parse(config)), [
    ...columns,
    { name: 'type_faults', type: 'VARCHAR' },
  ])
  const judged = (query: string): string => `with judged as (${compiled.judged}) ${query}`
  return {
    judged: compiled.judged,
    clean: judged(compiled.clean.query),
    rejects: judged(compiled.rejects.query),
    counts: judged(compiled.counts),
    reasons: judged(compiled.reasons),
  }
}

function features(settings: object): CompiledQueries['queries'] {
  const asOf = '2026-10-01T00:00:00Z'
  const config = featureNames.map((name) => (name === 'tenure' || name === 'trend' ? name : { [name]: settings }))
  const specs = resolveFeatures(featuresConfig.parse(config))
  const windowStarts = Object.fromEntries(windowsOf(specs).map((window) => [window, windowStart(asOf, window, 'UTC')]))
  const { query, counts } = compileFeatures(specs, { asOf, windowStarts }, ['product', 'category'])
  return { query, counts }
}

const allRules = [
  { rule: 'duplicates' },
  { rule: 'cancellations', when: { sql: "order_id like 'C%'" }, do: 'net' },
  { rule: 'range', column: 'amount', above: 0, do: 'fail' },
  { rule: 'types', do: 'quarantine', maxShare: 0.1 },
]
const selectOf = (statement: string): string => statement.replace(/^\s*create table \w+ as/i, '')

/** A stage that compiles SQL adds itself here. */
export const compiledQueries: Readonly<Record<string, CompiledQueries>> = {
  'cleanse with every rule': {
    tables: [`create table raw (${lineColumns}, type_faults varchar)`],
    keys: {},
    queries: cleanse(allRules),
  },
  'cleanse with its own rules': {
    tables: [`create table raw (${lineColumns}, type_faults varchar)`],
    keys: {},
    queries: cleanse([]),
  },
  'features of all time': {
    tables: [`create table clean (${lineColumns}, is_return boolean)`],
    keys: {},
    queries: features({}),
  },
  'features of a window': {
    tables: [`create table clean (${lineColumns}, is_return boolean)`],
    keys: {},
    queries: features({ window: '12 months' }),
  },
  cluster: {
    tables: [`create table features (${featureColumns})`],
    keys: { features: [['customer_id']] },
    queries: { sample: compileSample('features', featureNames, 50_000) },
  },
  validate: {
    tables: [
      `create table candidate (bucket integer, customer_id varchar, cluster integer, distance double, confidence double, next_cluster integer, is_outlier boolean)`,
      `create table features (${featureColumns})`,
      'create table live (customer_id varchar, segment_key varchar)',
      'create table segment_keys (cluster integer, segment_key varchar)',
      `create table population (customer_row integer, bucket integer, customer_id varchar, cluster integer, previous_segment_key varchar, recency double)`,
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
          features: featureNames,
        }),
      ),
      overlap: validate.COUNT_OVERLAP,
      live: validate.COUNT_LIVE,
      moved: selectOf(validate.CREATE_MOVED),
      lost: validate.LOST,
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
