import { DuckDBInstance } from '@duckdb/node-api'
import { describe, expect, it } from 'vitest'
import { compiledQueries } from './compiled-queries.ts'
import { orderDependence } from './order-free.ts'

// The checker has its own planted violations: order-free.test.ts.
describe.each(Object.entries(compiledQueries))('the compiled SQL of %s', (_, { tables, keys, queries }) => {
  it.each(Object.entries(queries))(
    'gives the same for any order of rows and any number of threads: %s',
    async (_name, query) => {
      const instance = await DuckDBInstance.create(':memory:')
      const connection = await instance.connect()
      for (const table of tables) await connection.run(table)
      const overTables = query.replaceAll(/read_parquet\(\['(\w+)'\]\)/g, '$1')
      expect(await orderDependence(connection, overTables, keys)).toEqual([])
      connection.closeSync()
      instance.closeSync()
    },
  )
})
