import { describe, expect, it } from 'vitest'
import { featureDistributions } from '../../src/report/feature-distributions.ts'
import { histogramBars, shareBar } from '../../src/report/histogram-bars.ts'
import type { FeatureDistribution } from '../../src/stages/features/distribution.ts'

describe('a bar', () => {
  it('is as high as its share of the highest; of nobody it is blank, of anybody it is seen', () => {
    expect(histogramBars([0, 1, 50, 100, 1_000, 500, 1_000])).toBe(' ▁▁▁█▄█')
    expect(histogramBars([0, 0])).toBe('  ')
  })

  it('of a share goes in eighths of a character', () => {
    expect([0, 0.0125, 0.25, 0.5, 1].map((share) => shareBar(share, 10))).toEqual([
      '',
      '▏',
      '██▌',
      '█████',
      '██████████',
    ])
  })
})

const common = { transform: 'none', weight: 1, imputed: null, nullShare: 0, notes: [] }
const counts = [0, 0, 5, 10, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]
const monetary: FeatureDistribution = {
  ...{ feature: 'monetary', ...common, type: 'money', unit: 'money', transform: 'log1p', weight: 2, nullShare: 0.05 },
  imputed: 480.5,
  notes: ['near-duplicate of frequency: correlation 0.981'],
  figures: {
    ...{ kind: 'number', zeroShare: 0.01, minimum: -12.3456, p10: 55.5, median: 480.5, p90: 4_321.09, maximum: 43_120 },
    mean: 1_456.2,
    histogram: { edges: [0, ...counts.slice(1).map((_, index) => index + 1), 10_060], customers: counts },
    transformed: { edges: [0, 1, 2], customers: [1, 4] },
  },
}
const frequency: FeatureDistribution = {
  ...{ feature: 'frequency', ...common, type: 'count', unit: 'count' },
  figures: {
    ...{
      kind: 'number',
      zeroShare: 0,
      minimum: 1,
      p10: 1,
      median: 2,
      p90: 2,
      maximum: 3,
      mean: 1.75,
      transformed: null,
    },
    histogram: { edges: [0.5, 1.5, 2.5, 3.5], customers: [4, 8, 1] },
  },
}
const empty: FeatureDistribution = {
  ...{ feature: 'responseRate', ...common, type: 'share', unit: 'share', nullShare: 1 },
  figures: {
    ...{ kind: 'number', zeroShare: 0, minimum: null, p10: null, median: null, p90: null, maximum: null, mean: null },
    ...{ histogram: null, transformed: null },
  },
}
const country: FeatureDistribution = {
  ...{ feature: 'country', ...common, type: 'category', unit: 'text', transform: 'oneHot', nullShare: 0.1 },
  figures: {
    kind: 'category',
    distinct: 4,
    levels: [
      { level: 'DE', share: 0.5 },
      { level: 'A\u001b[2JT', share: 0.25 },
    ],
    otherShare: 0.15,
  },
}

describe('distributions of features', () => {
  it('are figures with their bars, then levels with their shares', () => {
    expect(featureDistributions({ customers: 2_000, features: [monetary, country, frequency, empty] })).toEqual(
      `
4 features of 2,000 customers

Feature          Null   Zero  Min  p10  Median    p90     Max   Mean
monetary        5.0 %  1.0 %  -12   56     481  4,321  43,120  1,456
  money  0  │  ▄█           ▁│  10,060  log1p  │▂█│
  weight 2; a null counts as 481; near-duplicate of frequency: correlation 0.981
frequency       0.0 %  0.0 %    1    1       2      2       3  1.750
  count  1  │▄█▁│               3
responseRate  100.0 %  0.0 %    –    –       –      –       –      –
  share

Bars: customers by value, and again by value as transformed. They span the values between which all
others are clamped; the outermost bars hold those beyond.

country: category of 4 values; oneHot
  DE              50.0 %  ███████████████
  A�[2JT          25.0 %  ███████▌
  other (2 more)  15.0 %  ████▌
  null            10.0 %  ███`
        .trim()
        .split('\n'),
    )
  })

  it('of many levels show the first twelve', () => {
    const levels = Array.from({ length: 15 }, (_, index) => ({ level: `level ${index}`, share: 1 / 15 }))
    const shares = { ...country, type: 'composition' as const, figures: { kind: 'composition' as const, levels } }
    const lines = featureDistributions({ customers: 1, features: [shares] })
    expect(lines[2]).toBe('country: composition, mean shares; oneHot; null for 10.0 % of the customers')
    expect(lines.slice(3)).toHaveLength(13)
    expect(lines.at(-1)).toMatch(/^ {2}other \(3 more\) +20\.0 %/)
  })
})
