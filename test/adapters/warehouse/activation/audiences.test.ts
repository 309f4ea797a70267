import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { members } from '../candidate.ts'
import { openFreshSchema, type FreshSchema } from '../fresh-schema.ts'

describe('audiences', () => {
  let schema: FreshSchema
  beforeEach(async () => {
    schema = await openFreshSchema()
  })
  afterEach(() => schema.close())

  it('are the segments in use, with their members, further memberships among them, without the holdout', async () => {
    await schema.publish({
      asOf: '2026-07-01T00:00:00.000Z',
      members: members('a shop-1, b shop-2, c shop-2!'),
      method: { also: 'shop-9', since: '2026-07-01', pAlive: 0.5 },
    })
    await schema.query("update segment set status = 'retired' where segment_key = 'shop-1'")
    expect(await schema.query('select id, name from audiences order by 1')).toEqual([
      { id: 'shop-2', name: 'Name of shop-2' },
      { id: 'shop-9', name: 'Further' },
    ])
    expect(await schema.query('select audience_id, customer_id from audience_members order by 1, 2')).toEqual([
      { audience_id: 'shop-2', customer_id: 'b' },
      { audience_id: 'shop-9', customer_id: 'a' },
      { audience_id: 'shop-9', customer_id: 'b' },
    ])
  })
})
