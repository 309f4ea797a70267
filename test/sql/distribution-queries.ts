import * as sql from '../../src/stages/features/distribution-sql.ts'
import type { CompiledQueries } from './stage-queries.ts'

const overview = { customers: 3, present: 3, zeroShare: 0, minimum: 0, p10: 1, median: 2, p90: 3, maximum: 4 }

/** What `profile` has the engine run. */
export const distributionQueries: Readonly<Record<string, CompiledQueries>> = {
  'distributions of features': {
    tables: ['create table features (bucket integer, customer_id varchar, monetary double, country varchar)'],
    keys: { features: [['customer_id']] },
    queries: {
      overview: sql.compileOverview('features', 'monetary'),
      shape: sql.compileShape('features', 'monetary', overview, [[0, 1, 2], null, [0, 4]]),
      levels: sql.compileLevels('features', 'country'),
      presence: sql.compilePresence('features', 'country'),
    },
  },
}
