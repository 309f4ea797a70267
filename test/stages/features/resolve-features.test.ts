import { describe, expect, it } from 'vitest'
import type { MappedColumns } from '../../../src/stages/features/check-requests.ts'
import { featuresConfig } from '../../../src/stages/features/config.ts'
import { resolveFeatures } from '../../../src/stages/features/resolve-features.ts'

describe('resolving features', () => {
  const mapped: MappedColumns = { transactions: ['customer_id', 'occurred_at', 'order_id', 'amount', 'product'] }
  const resolve = (config: readonly unknown[]) => resolveFeatures(featuresConfig.parse(config), mapped)

  it('fills in what the catalogue says, and keeps the order', () => {
    const common = { scale: 'standard', impute: 'median', flagMissing: false, prior: 0.01, settings: {}, sql: null }
    const levels = { pinned: null, maxLevels: 12, minShare: 0.01 }
    expect(resolve(['tenure', { monetary: { window: '12 months', weight: 2 } }])).toEqual([
      {
        column: 'tenure',
        feature: 'tenure',
        type: 'numeric',
        unit: 'days',
        window: null,
        transform: 'none',
        winsorise: { lower: 0.005, upper: 0.995 },
        weight: 1,
        levels,
        ...common,
      },
      {
        column: 'monetary',
        feature: 'monetary',
        type: 'money',
        unit: 'money',
        window: '12 months',
        transform: 'log1p',
        winsorise: { lower: 0.005, upper: 0.995 },
        weight: 2,
        levels,
        ...common,
      },
    ])
  })

  it('names the instances of a feature by their windows, or as they are told to', () => {
    const config = [
      { monetary: [{ window: '3 months' }, { window: '12 months', as: 'spendOfYear' }, {}] },
      { frequency: { window: '90 days' } },
    ]
    expect(resolve(config).map(({ column }) => column)).toEqual([
      'monetary_3_months',
      'spendOfYear',
      'monetary',
      'frequency',
    ])
  })

  it('gives a feature of its own SQL what is not said', () => {
    expect(resolve([{ largestLine: { sql: 'max(amount)', unit: 'money', transform: 'log1p' } }])).toMatchObject([
      { column: 'largestLine', type: 'numeric', unit: 'money', transform: 'log1p', sql: { of: 'lines' } },
    ])
  })

  it.each([
    ['a feature named twice', ['recency', { recency: {} }], /features\[1\].recency is recency, again/],
    ['names that differ in case alone', ['recency', { tenure: { as: 'Recency' } }], /Recency, again/],
    ['two features in one entry', [{ recency: {}, tenure: {} }], /recency and tenure/],
    ['an unknown name', [{ montary: { weight: 2 } }], /name "montary".*a feature of the catalogue/],
    ['a feature whose column is not mapped', ['distinctCategories'], /needs category.*Map category/],
    [
      'a feature whose role is not read',
      [{ n: { sql: 'count(*)', of: 'events' } }],
      /needs a source for extract.events/,
    ],
    ['a window where the feature has its own', [{ trend: { window: '12 months' } }], /no window: trend looks at/],
    ['a setting that is another feature’s', [{ monetary: { typicalGap: 30 } }], /key "typicalGap".*keys of monetary/],
    ['a setting without effect on the type', [{ monetary: { levels: ['a'] } }], /key "levels"/],
    ['a transform that does not fit the type', [{ monetary: { transform: 'oneHot' } }], /none, log1p, yeoJohnson/],
    ['quantiles the wrong way round', [{ monetary: { winsorise: { lower: 0.5, upper: 0.5 } } }], /lower below upper/],
    ['SQL under a name of the catalogue', [{ monetary: { sql: 'sum(amount)' } }], /another name: monetary/],
    ['a name that artifacts use', [{ customer_id: { sql: 'max(amount)' } }], /another name/],
  ])('refuses %s', (_, config, message) => {
    expect(() => resolve(config)).toThrow(
      expect.objectContaining({ type: 'ConfigInvalid', message: expect.stringMatching(message) as string }) as Error,
    )
  })
})
