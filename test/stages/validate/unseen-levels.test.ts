import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ComputeSession } from '../../../src/ports/compute-engine.ts'
import type { FittedCategory, FittedTransform } from '../../../src/stages/features/transform.ts'
import type { PublishedModel } from '../../../src/stages/validate/published-model.ts'
import {
  compareLevels,
  compileUnseenCustomers,
  compileUnseenLevels,
  nameUnseenLevels,
} from '../../../src/stages/validate/unseen-levels.ts'
import { openSession } from '../engine-session.ts'

const category = (
  name: string,
  levels: readonly string[],
  pooled: readonly string[] = [],
  knowsAllLevels = true,
): FittedCategory => ({
  ...{ kind: 'category', name, unit: 'text', weight: 1, levels, pooled, withMissing: false, shares: [1], scale: 1 },
  knowsAllLevels,
})
const modelOf = (features: readonly FittedTransform[], measures: Readonly<Record<string, string>>) =>
  ({ features: { features, dropped: [] }, measures }) as unknown as PublishedModel

describe('levels that the live model did not know', () => {
  let session: ComputeSession
  let close: () => Promise<void>
  beforeAll(async () => {
    ;({ session, close } = await openSession())
  })
  afterAll(() => close())

  it('are compared where both models measure the same, and the live one knows every level it was fitted on', () => {
    const measures = { channel: 'c', country: 'c', plan: 'c' }
    const live = modelOf(
      [category('channel', ['web'], ['fax']), category('country', ['DE']), category('plan', ['a'], ['b'], false)],
      { ...measures, country: 'other column' },
    )
    const candidate = modelOf(
      ['channel', 'country', 'plan', 'fresh'].map((name) => category(name, ['x'])),
      measures,
    )
    expect(compareLevels(live, candidate, measures)).toEqual({
      categories: 4,
      compared: [{ feature: 'channel', known: ['web', 'fax'] }],
    })
    expect(compareLevels(null, candidate, measures)).toEqual({ categories: 4, compared: [] })
  })

  it('are counted by customer and by level; a missing value is no level', async () => {
    await session.execute(`create table population as from (values
      ('web', 'DE'), ('web', 'it''s'), ('app', 'XK'), ('app', 'XK'), (null, 'XK'), (null, null), ('fax', 'FR'), ('kiosk', 'DE')
    ) as given(channel, country)`)
    const compared = [
      { feature: 'channel', known: ['web', 'fax'] },
      { feature: 'country', known: ['DE', "it's"] },
    ]
    // By hand: rows 3, 4, 5, 7 and 8.
    expect(await session.rows(compileUnseenCustomers(compared))).toEqual([{ customers: 5 }])
    const found = []
    for (const one of compared) found.push(await session.rows(compileUnseenLevels(one)))
    expect(nameUnseenLevels(found)).toEqual({
      levels: [
        { feature: 'country', level: 'XK', customers: 3 },
        { feature: 'channel', level: 'app', customers: 2 },
        { feature: 'channel', level: 'kiosk', customers: 1 },
      ],
      levelCount: 4,
    })
  })
})
