import { describe, expect, it } from 'vitest'
import { phrasesOf, resolveFeatures } from '../../../src/stages/features/resolve-features.ts'
import { nameSegments as nameWith } from '../../../src/stages/validate/name-segments.ts'
import type { SegmentProfile } from '../../../src/stages/validate/validation.ts'

const nameSegments = (segments: Parameters<typeof nameWith>[0]) => nameWith(segments, phrasesOf(resolveFeatures(all)))
const all = ['recency', 'frequency', 'monetary', 'tenure', 'gapMean', 'trend']

const profile = (feature: string, effectSize: number | null, more: Partial<SegmentProfile> = {}): SegmentProfile => ({
  segmentKey: 'shop-1',
  feature,
  unit: 'count',
  mean: 6,
  median: 5,
  p10: 1,
  p90: 9,
  nullShare: 0,
  populationMean: 2,
  effectSize,
  lift: 3,
  ...more,
})

const toName = (profiles: readonly SegmentProfile[], publishedName: string | null = null) => ({
  segmentKey: 'shop-1',
  publishedName,
  given: null,
  profiles,
})

describe('nameSegments', () => {
  it('names a new segment after its two largest effects', () => {
    const [text] = nameSegments([
      toName([profile('recency', -0.5), profile('monetary', 2, { unit: 'EUR' }), profile('frequency', 1.2)]),
    ])
    expect(text).toEqual({
      name: 'High spend, frequent',
      criteria: 'monetary 3 × the average; frequency 3 ×; recency 3 ×',
      description:
        'High spend, frequent. Half of the customers are above, half below: monetary 5 EUR, frequency 5, recency 5.',
    })
  })

  it('names a segment after levels of categories and compositions', () => {
    const share = { unit: 'share', median: null, p10: null, p90: null }
    const [mostly, more] = nameSegments([
      toName([profile('preferredChannel: web', 2, { ...share, mean: 0.8, populationMean: 0.4, lift: 2 })]),
      toName([
        profile('gender: female', 1, { ...share, mean: 0.3, populationMean: 0.1, lift: 3 }),
        profile('categoryShares:Home & Garden', -0.9, { unit: 'share' }),
      ]),
    ])
    expect(mostly).toEqual({
      name: 'Mostly web',
      criteria: 'preferredChannel: web 80 % against 40 % on average',
      description: 'Mostly web.',
    })
    expect(more).toMatchObject({ name: 'More female, less Home & Garden' })
  })

  it('says whose level it is when the level alone says nothing, and does not say the same level twice', () => {
    const share = { unit: 'share', mean: 0.8, populationMean: 0.4 }
    const [bare, echo] = nameSegments([
      toName([profile('internetService: No', 2, share), profile('incomeBand: 50-74K', -1, share)]),
      toName([
        profile('topCategory: Furniture', 2, share),
        profile('categoryShares:Furniture', 1, { unit: 'share' }),
        profile('recency', 0.5),
      ]),
    ])
    expect(bare!.name).toBe('Mostly internet service No, less income band 50-74K')
    expect(echo!.name).toBe('Mostly Furniture, lapsed')
  })

  it('does not say what follows: of a level that many have, not that few have the others', () => {
    const share = { unit: 'share', mean: 0.8, populationMean: 0.4 }
    const [text] = nameSegments([
      toName([
        profile('internetService: Fiber optic', 2, share),
        profile('internetService: No', -1.5, share),
        profile('contract: Two year', -1, share),
      ]),
    ])
    expect(text!.name).toBe('Mostly Fiber optic, less Two year')
  })

  it('writes names of features that have no phrase in words, and what two windows say alike once', () => {
    const [own, windows] = nameWith(
      [
        toName([profile('monthlyCharges', 2, { unit: 'score' }), profile('loyalty_points', -1)]),
        toName([profile('monetary_3_months', 2), profile('monetary_12_months', 1.5), profile('recency', -0.5)]),
      ],
      {
        monetary_3_months: { low: 'low spend', high: 'high spend' },
        monetary_12_months: { low: 'low spend', high: 'high spend' },
        recency: { low: 'recent', high: 'lapsed' },
      },
    )
    expect(own!.name).toBe('High monthly charges, few loyalty points')
    expect(windows!.name).toBe('High spend, recent')
  })

  it('calls a segment average that hardly differs', () => {
    const [text] = nameSegments([toName([profile('recency', 0.1), profile('gapMean', null)])])
    expect(text).toEqual({
      name: 'Average',
      criteria: 'No feature differs much from the other segments.',
      description: 'Average.',
    })
  })

  it('keeps names apart: a third trait, then a number', () => {
    const traits = [profile('monetary', -2), profile('recency', 1), profile('tenure', -0.6)]
    const names = nameSegments([toName(traits), toName(traits), toName(traits), toName(traits)]).map(({ name }) => name)
    expect(names).toEqual(['Low spend, lapsed', 'Low spend, lapsed, new', 'Low spend, lapsed 2', 'Low spend, lapsed 3'])
  })

  it('takes the same traits in another order for the same name', () => {
    const first = [profile('monetary', -2), profile('recency', 1), profile('tenure', -0.6)]
    const second = [profile('recency', 2), profile('monetary', -1), profile('tenure', 0.6)]
    const names = nameSegments([toName(first), toName(second)]).map(({ name }) => name)
    expect(names).toEqual(['Low spend, lapsed', 'Lapsed, low spend, long-standing'])
  })

  it('keeps the published name of a segment that lives on, and does not give it to another', () => {
    const traits = [profile('monetary', 2), profile('frequency', 1)]
    const names = nameSegments([toName(traits), toName([profile('recency', 3)], 'High spend, frequent')])
    expect(names.map(({ name }) => name)).toEqual(['High spend, frequent 2', 'High spend, frequent'])
  })

  it('lets people have the last word', () => {
    const given = { name: 'champions', note: 'loyalty programme' }
    const [text] = nameSegments([{ ...toName([profile('monetary', 2)], 'High spend'), given }])
    expect(text).toMatchObject({ name: 'champions', description: 'loyalty programme' })
  })

  it('gives both averages where a ratio would say nothing', () => {
    const trend = profile('trend', 1, { unit: 'EUR', mean: 12.5, populationMean: -3, lift: -4.2 })
    expect(nameSegments([toName([trend])])[0]!.criteria).toBe('trend 12.5 against -3 EUR on average')
  })
})
