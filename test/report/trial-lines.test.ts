import { describe, expect, it } from 'vitest'
import type { Effectiveness } from '../../src/effectiveness/judge-effectiveness.ts'
import { trialLine, trialLines } from '../../src/report/trial-lines.ts'

const judged = (index: number | null): Effectiveness => ({
  ...{ index, band: index === null ? null : 'good', customers: 300, segments: 4, permutationP: 0.005 },
  parts: {
    ...{ spendExplained: 0.3, conversionExplained: 0.2, targetingGain: 0.5, kpiSpread: 1, stability: 0.8, coverage: 1 },
  },
  rfm: { spendExplained: 0.2, conversionExplained: 0.1 },
})
const best = { difference: 0, lower: null, upper: null, isSure: false }

describe('the table of a trial', () => {
  it('says how much less than the best each is, with its interval, and what is not known', () => {
    const lines = [trialLine('rfm', judged(45.2)), trialLine('tiers', judged(41.1)), trialLine('kmeans', judged(20))]
    const differences = [
      best,
      { difference: 4.1, lower: -1, upper: 9.2, isSure: false },
      { difference: 25.2, lower: 20, upper: 30.4, isSure: true },
    ]
    const text = trialLines(lines, { best: 0, differences }).join('\n')
    expect(text).toMatch(/^rfm +45 +good +4 +30\.0 % +1\.50 +20\.0 % +50\.0 % +80\.0 % +best$/m)
    expect(text).toMatch(/^tiers .* 4\.1 \(-1\.0 to 9\.2\)$/m)
    expect(text).toContain('rfm has the highest index; whether it is better than tiers is not known')
    const sure = trialLines([lines[0]!, lines[2]!], { best: 0, differences: [best, differences[2]!] })
    expect(sure).toContain('rfm is best, by more than chance.')
  })

  it('says why one could not be tried, and of nothing that nothing is known', () => {
    const failed = { name: 'tiers', effectiveness: null, ratioToRfm: null, failure: 'Too few customers.' }
    const none = { difference: null, lower: null, upper: null, isSure: false }
    const text = trialLines([failed, trialLine('rfm', judged(null))], { best: null, differences: [none] }).join('\n')
    expect(text).toContain('tiers could not be tried: Too few customers.')
    expect(text).toContain('which is best is not known')
  })
})
