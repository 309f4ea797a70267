import { quoteName } from '../../src/sql/sql-text.ts'
import { featureNames } from '../../src/stages/features/catalogue.ts'
import * as liveSide from '../../src/stages/validate/live-sql.ts'
import {
  compileDiffedLive,
  compileDiffedPopulation,
  compileDiffedResolved,
} from '../../src/stages/validate/diff/sql.ts'
import * as validate from '../../src/stages/validate/sql.ts'
import { compileHeldOutBySegment } from '../../src/stages/validate/holdout-sql.ts'
import { compileKept, compileKeptDistances } from '../../src/stages/validate/minimum-change.ts'
import type { CompiledQueries } from './stage-queries.ts'

const selectOf = (statement: string): string => statement.replace(/^\s*create table \w+ as/i, '')
const features = featureNames.slice(0, 3)
const columns = Object.fromEntries(features.map((name) => [name, quoteName(name)]))

const rules = {
  minimumChange: 0,
  holdout: { share: 0.1, salt: 'shop', by: 'segment' as const },
  asOf: '2026-10-01T00:00:00Z',
  outputs: {
    layers: ['cluster'],
    scores: [{ name: 'p_alive', unit: 'share' }],
    also: [{ layer: 'macro' }],
    reasons: ['recency'],
  },
}

const diffed = { before: ['before_rows'], after: ['after_rows'], features: ['after_features'], sampledShare: 0.25 }

/** What `validate` has the engine run to explain the moves of customers. */
export const moveQueries: Readonly<Record<string, CompiledQueries>> = {
  'two runs side by side': {
    tables: [
      'create table before_rows (bucket integer, customer_id varchar, segment_key varchar, layer varchar)',
      'create table after_rows (bucket integer, customer_id varchar, segment_key varchar, layer varchar)',
      'create table after_features (bucket integer, customer_id varchar, recency double)',
      'create table live (customer_id varchar, segment_key varchar, layer varchar)',
      'create table population (customer_row integer, bucket integer, customer_id varchar, cluster integer, previous_segment_key varchar, is_by_people boolean)',
      'create table segment_keys (cluster integer, segment_key varchar)',
      'create table moved (moved_row integer, customer_row integer)',
      'create table placed (placed_row integer, cluster integer)',
      'create table live_keys (cluster integer, segment_key varchar)',
      'create table retired (segment_key varchar)',
      'create table gone_into (from_segment_key varchar, to_segment_key varchar)',
    ],
    keys: {
      before_rows: [['customer_id']],
      after_rows: [['customer_id']],
      after_features: [['customer_id']],
      live: [['customer_id']],
      population: [['customer_row'], ['customer_id']],
      segment_keys: [['cluster']],
      moved: [['moved_row'], ['customer_row']],
      placed: [['placed_row']],
      live_keys: [['cluster']],
      retired: [['segment_key']],
      gone_into: [['from_segment_key', 'to_segment_key']],
    },
    queries: {
      live: selectOf(compileDiffedLive(diffed)),
      population: selectOf(compileDiffedPopulation(diffed, ['shop-1', 'shop-2'])),
      resolved: selectOf(compileDiffedResolved(true)),
    },
  },
  'validate, reasons of moves': {
    tables: [
      `create table population (customer_row integer, bucket integer, customer_id varchar, cluster integer, confidence double,
        distance double, next_cluster integer, is_outlier boolean, previous_segment_key varchar, layer integer, score_1 double,
        also_1 integer, reason_1 integer, reason_2 integer, reason_3 integer, pull_1 double, pull_2 double, pull_3 double, ${features.map((name) => `"${name}" double`).join(', ')})`,
      `create table live_features (bucket integer, customer_id varchar, ${features.map((name) => `"${name}" double`).join(', ')})`,
      'create table segment_keys (cluster integer, segment_key varchar)',
      'create table moved (moved_row integer, customer_row integer)',
      'create table placed (placed_row integer, cluster integer, next_cluster integer, confidence double)',
      'create table staying (cluster integer, segment_key varchar)',
      'create table kept (customer_row integer)',
      'create table live_keys (cluster integer, segment_key varchar)',
      'create table live (customer_id varchar, segment_key varchar, is_holdout boolean)',
      'create table held_out (customer_id varchar)',
      'create table former (customer_id varchar)',
      'create table live_also (customer_id varchar, layer varchar, segment_key varchar, since timestamp)',
      'create table live_overrides (customer_id varchar)',
      'create table retired (segment_key varchar)',
      'create table gone_into (from_segment_key varchar, to_segment_key varchar)',
    ],
    keys: {
      population: [['customer_row'], ['customer_id']],
      live_features: [['customer_id']],
      segment_keys: [['cluster']],
      moved: [['moved_row'], ['customer_row']],
      placed: [['placed_row']],
      live_keys: [['cluster'], ['segment_key']],
      staying: [['cluster'], ['segment_key']],
      kept: [['customer_row']],
      former: [['customer_id']],
      live: [['customer_id']],
      held_out: [['customer_id']],
      live_overrides: [['customer_id']],
      retired: [['segment_key']],
      live_also: [['customer_id', 'layer', 'segment_key']],
      gone_into: [['from_segment_key', 'to_segment_key']],
    },
    queries: {
      features: liveSide.compileMovedFeatures(columns, 0, 1000, 'population'),
      resolved: selectOf(validate.compileResolved({ ...rules, isComparable: true, isEdited: false })),
      'resolved, edited definition': selectOf(
        validate.compileResolved({ ...rules, isComparable: true, isEdited: true }),
      ),
      'features of the live model': selectOf(liveSide.compileLivePopulation(['live_features'])),
      'resolved, another definition': selectOf(
        validate.compileResolved({ ...rules, isComparable: false, isEdited: true }),
      ),
      'resolved, some were kept': selectOf(
        validate.compileResolved({ ...rules, isComparable: true, isEdited: false, minimumChange: 0.1 }),
      ),
      'held out by segment': selectOf(compileHeldOutBySegment(rules.holdout, { ...rules.holdout, share: 0.2 })),
      kept: selectOf(compileKept(0.1)),
      'distances of the kept': compileKeptDistances(0, 1000),
      'further memberships': validate.compileAlsoOverlap(1, 'macro'),
      'further segments': validate.ALSO_KEYS,
    },
  },
}
