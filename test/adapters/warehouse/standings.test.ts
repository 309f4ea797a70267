import { afterEach, beforeEach, expect, it } from 'vitest'
import { members } from './candidate.ts'
import { openFreshSchema, type FreshSchema } from './fresh-schema.ts'

let target: FreshSchema
beforeEach(async () => {
  target = await openFreshSchema()
})
afterEach(() => target.close())

it('tells of each pipeline what consumers see', async () => {
  expect(await target.reader.standings()).toEqual([])
  await target.publish({ asOf: '2026-07-01T00:00:00.000Z', members: members('a shop-1, b shop-2, c shop-1') })
  expect(await target.reader.standings()).toEqual([
    {
      pipeline: 'shop',
      status: 'published',
      since: expect.any(String),
      asOf: '2026-07-01T00:00:00.000Z',
      publishedAt: expect.any(String),
      staleAfter: null,
      verdict: expect.any(String),
      segments: [
        { segmentKey: 'shop-1', customers: 2 },
        { segmentKey: 'shop-2', customers: 1 },
      ],
    },
  ])
})
