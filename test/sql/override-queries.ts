import { COUNT_OVERRIDDEN, OVERRIDDEN_CLUSTERS } from '../../src/stages/validate/overrides-sql.ts'
import * as stated from '../../src/stages/validate/stated-overrides.ts'
import type { CompiledQueries } from './stage-queries.ts'

const selectOf = (statement: string): string => statement.replace(/^\s*(create table \w+ as|insert into \w+)/i, '')
const outputs = { layers: ['cluster', 'override'], scores: [], also: [], reasons: ['recency', 'Contract'] }

/** What `validate` has the engine run to put customers where people say. */
export const overrideQueries: Readonly<Record<string, CompiledQueries>> = {
  'validate, overrides': {
    tables: [
      'create table clean (bucket integer, customer_id varchar, segment varchar, stated_reason varchar, source_name varchar)',
      'create table population (customer_row integer, customer_id varchar, cluster integer)',
      'create table stated (customer_id varchar, segment varchar, reason varchar, source_name varchar)',
      'create table stated_words (segment varchar, cluster integer)',
      'create table stated_reasons (reason varchar, label integer)',
      'create table written (customer_id varchar)',
      'create table judged (customer_id varchar, segment varchar, reason varchar, source_name varchar, cluster integer, verdict varchar)',
      'create table overrides (customer_id varchar, cluster integer, reason integer)',
    ],
    keys: {
      clean: [['customer_id']],
      population: [['customer_row'], ['customer_id']],
      stated: [['customer_id']],
      stated_words: [['segment']],
      stated_reasons: [['reason']],
      written: [['customer_id']],
      judged: [['customer_id']],
      overrides: [['customer_id']],
    },
    queries: {
      stated: selectOf(stated.compileStated(['clean'])),
      words: stated.STATED_WORDS,
      judged: selectOf(stated.JUDGE_STATED),
      counts: stated.COUNT_STATED,
      reasons: stated.STATED_REASONS,
      rejected: stated.REJECTED_STATED,
      added: selectOf(stated.compileAddStated(outputs)),
      overridden: COUNT_OVERRIDDEN,
      clusters: OVERRIDDEN_CLUSTERS,
    },
  },
}
