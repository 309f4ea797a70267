import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { makeSuppressions } from '../../../src/adapters/warehouse/privacy/suppressions.ts'
import { formatRunId } from '../../../src/run/run-key.ts'
import { makeCandidate, members, type CandidateOptions } from './candidate.ts'
import { openFreshSchema, type FreshSchema } from './fresh-schema.ts'

const july = '2026-07-01T00:00:00.000Z'
const october = '2026-10-01T00:00:00.000Z'
const both = members('a shop-1, b shop-2')
const SHOWN = 'select customer_id, feature, value, text_value, run_key from customer_features order by 1, 2'
let target: FreshSchema
let fileCount = 0

beforeEach(async () => {
  target = await openFreshSchema()
})
afterEach(() => target.close())

/** `a` spent this and came by the web, `b` spent nothing that is known and came nowhere; `z` is a customer whom no segment has. */
async function publishWith(spent: number, candidate: CandidateOptions): Promise<{ readonly runId: string }> {
  const path = join(target.scratchPath, `features-${++fileCount}.parquet`)
  await target.session.writeParquet(
    `SELECT CAST(md5_number_lower(customer_id) % 256 AS INTEGER) AS bucket, * FROM (VALUES
      ('a', ${spent}::DOUBLE, true, 'web'), ('b', NULL, false, NULL), ('z', 9, true, 'shop')) v (customer_id, distance, "is:new", channel)`,
    'bucket, customer_id',
    path,
  )
  const columns = [
    { name: 'distance', isText: false },
    { name: 'channel', isText: true },
    { name: 'is:new', isText: false },
  ]
  const made = await makeCandidate(target, candidate)
  await target.warehouse.publish(target.session, { ...made, features: { columns, files: [path] } }, () => undefined)
  return { runId: formatRunId(made.plan) }
}

function rowsOf(spent: number, run: string): object[] {
  const run_key = `shop@${run}`
  return [
    { customer_id: 'a', feature: 'channel', value: null, text_value: 'web', run_key },
    { customer_id: 'a', feature: 'distance', value: spent, text_value: null, run_key },
    { customer_id: 'a', feature: 'is:new', value: 1, text_value: null, run_key },
    { customer_id: 'b', feature: 'channel', value: null, text_value: null, run_key },
    { customer_id: 'b', feature: 'distance', value: null, text_value: null, run_key },
    { customer_id: 'b', feature: 'is:new', value: 0, text_value: null, run_key },
  ]
}

describe('published features', () => {
  it('are those of the live run: one row for each of its customers and features, also where there is no value', async () => {
    const one = await publishWith(2.5, { asOf: july, members: both, shards: 2 })
    expect(await target.query(SHOWN)).toEqual(rowsOf(2.5, '2026-07-01'))
    const before = { runId: one.runId, members: both }
    await publishWith(7.25, { asOf: october, members: both, before })
    expect(await target.query(SHOWN)).toEqual(rowsOf(7.25, '2026-10-01'))

    const from = { runKey: 'shop@2026-10-01', revision: 1 }
    const { run: to } = await target.warehouse.findReturnPoint('shop', undefined)
    await target.warehouse.rollBack('shop', { from, to, by: 'a test', reason: 'to see the run before' })
    expect(await target.query(SHOWN)).toEqual(rowsOf(2.5, '2026-07-01'))
  })

  it('are none of a run that shows none', async () => {
    const one = await publishWith(2.5, { asOf: july, members: both })
    const before = { runId: one.runId, members: both }
    await target.publish({ asOf: october, members: both, before })
    expect(await target.query(SHOWN)).toEqual([])
  })

  it('are kept as long as the rest of what a run said of customers: for the live one and seven before it', async () => {
    let before: CandidateOptions['before']
    for (let year = 2015; year < 2025; year++) {
      const asOf = `${year}-01-01T00:00:00.000Z`
      const { runId } = await publishWith(year, { asOf, members: both, ...(before && { before }) })
      before = { runId, members: both }
    }
    const kept = await target.query<{ spent: number }>(
      "select feature_values[1] as spent from membership_score where customer_id = 'a' order by 1",
    )
    expect(kept.map(({ spent }) => spent)).toEqual([2017, 2018, 2019, 2020, 2021, 2022, 2023, 2024])
  })

  it('are gone at once of a customer who is suppressed, and stay gone of the run that somebody returns to', async () => {
    const suppressions = makeSuppressions(target)
    try {
      const one = await publishWith(2.5, { asOf: july, members: both })
      const before = { runId: one.runId, members: both }
      await publishWith(7.25, { asOf: october, members: both, before })
      await suppressions.add({ customerIds: ['a'], pipelines: null, by: 'crm', reason: 'objected' })
      const ofOthers = (spent: number, run: string) => rowsOf(spent, run).slice(3)
      expect(await target.query(SHOWN)).toEqual(ofOthers(7.25, '2026-10-01'))
      const from = { runKey: 'shop@2026-10-01', revision: 1 }
      const to = { runKey: 'shop@2026-07-01', revision: 1 }
      await target.warehouse.rollBack('shop', { from, to, by: 'a test', reason: 'to see the run before' })
      expect(await target.query(SHOWN)).toEqual(ofOthers(2.5, '2026-07-01'))
    } finally {
      await suppressions.close()
    }
  })
})
