import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { makeTags } from '../../../src/adapters/warehouse/tags.ts'
import type { Tags } from '../../../src/ports/tags.ts'
import { members, type Members } from './candidate.ts'
import { openFreshSchema, type FreshSchema } from './fresh-schema.ts'

const years = Array.from({ length: 10 }, (_, index) => `20${20 + index}-01-01T00:00:00.000Z`)
const first = { pipeline: 'shop', runKey: 'shop@2020-01-01', revision: undefined, by: 'crm' }

describe('a snapshot', () => {
  let target: FreshSchema
  let tags: Tags
  let live: { readonly runId: string; readonly members: Members } | undefined

  beforeEach(async () => {
    target = await openFreshSchema()
    tags = makeTags(target)
    live = undefined
  })
  afterEach(async () => {
    await tags.close()
    await target.close()
  })

  it('holds who was where in its run, whatever is published, dropped or rolled back later', async () => {
    await publish(0, 'a shop-1, b shop-2!')
    const { tag, written } = await tags.add({ ...first, name: 'winter' })
    expect(written).toBe(true)
    expect(tag).toMatchObject({
      name: 'winter',
      run: { runKey: 'shop@2020-01-01', revision: 1 },
      customers: 2,
      by: 'crm',
    })
    for (const year of years.keys()) if (year > 0) await publish(year, 'a shop-3')
    const point = await target.warehouse.findReturnPoint('shop', undefined)
    await target.warehouse.rollBack('shop', { from: point.from, to: point.run, by: 'crm', reason: 'wrong' })
    expect(
      await target.query(`select name, customer_id, segment_key, segment_name, is_holdout, run_key, revision, as_of
        from segment_snapshots order by customer_id`),
    ).toEqual(
      [
        { customer_id: 'a', segment_key: 'shop-1', segment_name: 'Name of shop-1', is_holdout: false },
        { customer_id: 'b', segment_key: 'shop-2', segment_name: 'Name of shop-2', is_holdout: true },
      ].map((row) => ({
        ...{ name: 'winter', run_key: 'shop@2020-01-01', revision: 1, as_of: new Date(years[0]!) },
        ...row,
      })),
    )
  })

  it('is made once, and its name is that of one run of the pipeline', async () => {
    await publish(0, 'a shop-1')
    await publish(1, 'a shop-2')
    const { tag } = await tags.add({ ...first, name: 'winter' })
    expect(await tags.add({ ...first, name: 'winter', by: 'other' })).toEqual({ tag, written: false })
    await expect(tags.add({ ...first, runKey: 'shop@2021-01-01', name: 'winter' })).rejects.toMatchObject({
      type: 'TagRefused',
      message: expect.stringContaining('of shop@2020-01-01~1, by crm') as string,
    })
    await tags.add({ ...first, runKey: 'shop@2021-01-01', name: 'spring' })
    expect((await tags.list('shop')).map(({ name }) => name)).toEqual(['spring', 'winter'])
    expect(await tags.list('toys')).toEqual([])
  })

  it('is gone with its customers when it is removed', async () => {
    await publish(0, 'a shop-1')
    await tags.add({ ...first, name: 'winter' })
    expect(await tags.remove('toys', 'winter')).toBe(false)
    expect(await tags.remove('shop', 'winter')).toBe(true)
    expect(await tags.remove('shop', 'winter')).toBe(false)
    expect(await target.countOf('snapshot_member')).toBe(0)
  })

  it('is refused of a run that was never published, or whose customers are no longer kept, and leaves nothing', async () => {
    await expect(tags.add({ ...first, name: 'winter' })).rejects.toMatchObject({ type: 'TagRefused' })
    for (const year of years.keys()) await publish(year, 'a shop-1')
    await expect(tags.add({ ...first, name: 'winter' })).rejects.toThrow('is no longer kept')
    expect(await tags.list('shop')).toEqual([])
  })

  async function publish(year: number, text: string): Promise<void> {
    const now = members(text)
    const { runId } = await target.publish({ asOf: years[year]!, members: now, ...(live && { before: live }) })
    live = { runId, members: now }
  }
})
