import { afterEach, beforeEach, expect, it } from 'vitest'
import { members } from './candidate.ts'
import { openFreshSchema, type FreshSchema } from './fresh-schema.ts'

let target: FreshSchema
beforeEach(async () => {
  target = await openFreshSchema()
})
afterEach(() => target.close())

it('shows what a run measured against the one that was live, and nothing of a first one', async () => {
  const first = members('a shop-1, b shop-2')
  const { runId } = await target.publish({ asOf: '2026-07-01T00:00:00.000Z', members: first })
  await target.publish({
    asOf: '2026-10-01T00:00:00.000Z',
    members: first,
    before: { runId, members: first },
  })
  expect(await target.query('select * from run_comparisons order by measure')).toEqual(
    [
      { measure: 'adjusted_rand', subject: null, value: 0.8, previous_value: null },
      { measure: 'customers', subject: 'shop-1', value: 3, previous_value: 2 },
    ].map((row) => ({
      pipeline: 'shop',
      run_key: 'shop@2026-10-01',
      revision: 1,
      compared_with: 'shop@2026-07-01~1',
      ...row,
    })),
  )
})
