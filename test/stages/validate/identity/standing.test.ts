import { describe, expect, it } from 'vitest'
import { PLAIN_CLUSTER } from '../../../../src/stages/cluster/model.ts'
import type { ModelCluster } from '../../../../src/stages/cluster/model.ts'
import { phrasesOf, resolveFeatures } from '../../../../src/stages/features/resolve-features.ts'
import {
  confirmSegments,
  describeSegments,
  profileSegments,
} from '../../../../src/stages/validate/describe-segments.ts'
import type { Standing } from '../../../../src/stages/validate/describe-segments.ts'
import type { LabelMatch } from '../../../../src/stages/validate/identity/identities.ts'
import { profileFeature } from '../../../../src/stages/validate/profile-feature.ts'

const all = ['recency', 'frequency', 'monetary', 'tenure', 'gapMean', 'trend']

const found = (segmentKey: string): LabelMatch => ({
  ...{ segmentKey, isNew: false, isReturned: false },
  ...{ matchedBy: 'overlap', overlap: 0.9 },
})
const made = (segmentKey: string): LabelMatch => ({
  ...{ segmentKey, isNew: true, isReturned: false },
  ...{ matchedBy: 'nothing', overlap: 0 },
})

describe('describeSegments', () => {
  const profiles = profileSegments(
    [found('shop-1'), made('shop-4')],
    [
      {
        feature: 'frequency',
        unit: 'count',
        profiles: profileFeature(Float64Array.of(1, 2, 8, 9), Int32Array.of(0, 0, 1, 1), 2),
      },
    ],
  )
  const matches = [found('shop-1'), made('shop-4')]
  const later = (statuses: Standing['statuses']): Standing => ({ statuses, confirms: true })
  const PLAIN = { ...PLAIN_CLUSTER, size: 2, rule: null, stability: null }
  const names = { published: { 'shop-1': 'Sleepers' }, given: {}, phrases: phrasesOf(resolveFeatures(all)) }

  it('says who is new: provisional', () => {
    expect(describeSegments(matches, [PLAIN, PLAIN], profiles, names, later({ 'shop-1': 'active' }))).toMatchObject([
      { segmentKey: 'shop-1', name: 'Sleepers', cluster: 0, customers: 2, share: 0.5, status: 'active', isNew: false },
      {
        segmentKey: 'shop-4',
        name: 'Frequent',
        cluster: 1,
        customers: 2,
        share: 0.5,
        status: 'provisional',
        isNew: true,
      },
    ])
  })

  const statusesOf = (matches: readonly LabelMatch[], standing: Standing, cluster: ModelCluster = PLAIN_CLUSTER) =>
    describeSegments(
      matches,
      matches.map(() => ({ ...PLAIN, ...cluster })),
      profiles,
      names,
      standing,
    ).map(({ status }) => status)

  it('confirms what a run of a later as-of finds again, and not what a revision of the same as-of does', () => {
    const before: Standing['statuses'] = { 'shop-1': 'provisional', 'shop-2': 'returned', 'shop-3': 'active' }
    const matches = ['shop-1', 'shop-2', 'shop-3'].map(found)
    expect(statusesOf(matches, later(before))).toEqual(['active', 'active', 'active'])
    expect(statusesOf(matches, { statuses: before, confirms: false })).toEqual(['provisional', 'returned', 'active'])
  })

  it('takes a new segment as active that the definition names, and one as returned that was retired', () => {
    expect(statusesOf([made('shop-1')], later({}), { ...PLAIN_CLUSTER, ownKey: 'champions' })).toEqual(['active'])
    expect(statusesOf([{ ...found('shop-1'), isReturned: true }], later({ 'shop-1': 'retired' }))).toEqual(['returned'])
  })

  it('is confirmed whole by a person who approves the run', () => {
    const segments = describeSegments(matches, [PLAIN, PLAIN], profiles, names, later({}))
    expect(confirmSegments(segments).map(({ status }) => status)).toEqual(['active', 'active'])
  })

  it('lets name, owner and note follow the key, whatever the number of the cluster', () => {
    const given = { Champions: { key: 'shop-4', owner: 'crm', note: 'loyalty programme' } }
    for (const order of [matches, matches.toReversed()]) {
      const described = describeSegments(order, [PLAIN, PLAIN], profiles, { ...names, given }, later({}))
      expect(described.find(({ segmentKey }) => segmentKey === 'shop-4')).toMatchObject({
        ...{ name: 'Champions', owner: 'crm', description: 'loyalty programme' },
      })
      expect(described.find(({ segmentKey }) => segmentKey === 'shop-1')).toMatchObject({
        name: 'Sleepers',
        owner: null,
      })
    }
  })
})
