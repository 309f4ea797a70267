import { describe, expect, it } from 'vitest'
import { entries } from '../../../src/stages/features/catalogue.ts'
import type { FeaturesConfig, FeatureSettings } from '../../../src/stages/features/config.ts'
import { knownColumns } from '../../../src/stages/features/known-columns.ts'
import { resolveFeatures } from '../../../src/stages/features/resolve-features.ts'
import { neededSettings } from './needed-settings.ts'

const namesOf = (config: FeaturesConfig) => {
  const { columns, unpinned } = knownColumns(resolveFeatures(config))
  return { columns: columns.map(({ name, type }) => `${name} ${type}`), unpinned }
}

describe('knownColumns', () => {
  it('knows numbers, categories and truths by their names', () => {
    const features: FeaturesConfig = [
      'recency',
      { monetary: [{ window: '3 months' }, { window: '12 months' }] },
      'topCategory',
      { everPaid: { sql: 'max(amount) > 0', type: 'boolean' } },
    ]
    expect(namesOf(features)).toEqual({
      columns: [
        'recency number',
        'monetary_3_months number',
        'monetary_12_months number',
        'topCategory text',
        'everPaid boolean',
      ],
      unpinned: [],
    })
  })

  it('knows the levels of a composition that are pinned or given with the feature, and no others', () => {
    const features: FeaturesConfig = [
      { categoryShares: { levels: ['books', 'home & garden'] } },
      { channelShares: {} },
      'seasonShares',
      { surveyChoices: { question: 'goals', options: ['save time', 'save money'] } },
    ]
    expect(namesOf(features)).toEqual({
      columns: [
        'categoryShares:books number',
        'categoryShares:home & garden number',
        'categoryShares:other number',
        'seasonShares:q1 number',
        'seasonShares:q2 number',
        'seasonShares:q3 number',
        'seasonShares:q4 number',
        'surveyChoices:save time number',
        'surveyChoices:save money number',
        'surveyChoices:other number',
      ],
      unpinned: ['channelShares'],
    })
  })

  it('knows every feature of the catalogue, or says that only data tell', () => {
    const specs = resolveFeatures(entries.map((entry) => ({ [entry.name]: neededSettings(entry) as FeatureSettings })))
    const { columns, unpinned } = knownColumns(specs)
    const named = new Set(columns.map(({ name }) => name.split(':')[0]!))
    expect(entries.map(({ name }) => name).filter((name) => !named.has(name))).toEqual([...unpinned])
    expect(unpinned).toEqual(expect.arrayContaining(['categoryShares', 'channelShares', 'eventShares', 'painPoints']))
  })
})
