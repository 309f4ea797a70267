import { afterEach, beforeEach, expect, it } from 'vitest'
import { members } from './candidate.ts'
import { openFreshSchema, type FreshSchema } from './fresh-schema.ts'

let target: FreshSchema
beforeEach(async () => {
  target = await openFreshSchema()
})
afterEach(() => target.close())

it('shows what cleansing found of rules and of columns, beside the publication before', async () => {
  const first = members('a shop-1, b shop-2')
  const { runId } = await target.publish({ asOf: '2026-07-01T00:00:00.000Z', members: first })
  await target.publish({
    asOf: '2026-10-01T00:00:00.000Z',
    members: first,
    before: { runId, members: first },
  })
  const found = await target.query(
    'select run_key, rule, column_name, matched, share, previous_share, minimum from data_quality order by run_key, rule nulls last',
  )
  const [july, october] = ['shop@2026-07-01', 'shop@2026-10-01']
  const required = { rule: 'required', column_name: null, minimum: null }
  const amount = { rule: null, column_name: 'amount', matched: null, share: 0, minimum: '1.0000' }
  expect(found).toMatchObject([
    { run_key: july, ...required, share: 0.01, previous_share: null },
    { run_key: july, ...amount, previous_share: null },
    { run_key: october, ...required, share: 0.03, previous_share: 0.01 },
    { run_key: october, ...amount, previous_share: 0 },
  ])
  expect((await target.reader.describeRun(october, 1))?.dataQuality).toMatchObject([
    { role: 'transactions', source: 'lines', rule: 'required', matched: 3, fixed: 0, share: 0.03, previousShare: 0.01 },
    { rule: null, column: 'amount', distinct: null, maximum: '9.5000', rowsIn: 98 },
  ])
})
