import { z } from 'zod'

/** Setting of a source. */
export const verifyCount = z
  .boolean()
  .default(true)
  .describe(
    "Postgres: counts the rows that are read once more, with `count(*)` in the same snapshot, and compares. Costs a second scan (of an index where one will do), beside the reading where the connection's `maxParallel` allows, else before it; a query runs twice. Default: true.",
  )
