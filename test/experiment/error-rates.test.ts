import { describe, expect, it } from 'vitest'
import { analyseExperiment, type AnalysisOptions } from '../../src/experiment/analyse-experiment.ts'
import type { Outcomes } from '../../src/experiment/outcomes.ts'
import { uniformDraws } from '../../src/stats/uniform-draws.ts'

const options: Omit<AnalysisOptions, 'seed'> = {
  ...{ control: 'control', shares: [0.5, 0.5], alpha: 0.05, correction: 'holm', minimumEffect: null },
  resamples: 200,
}

describe('the analysis of an experiment', () => {
  it('is wrong about as often as it says where there is no effect, between arms and between segments', () => {
    const draw = uniformDraws(11)
    const trials = 300
    const wrong = { interaction: 0, moneyInteraction: 0, bootstrap: 0 }
    for (let trial = 0; trial < trials; trial++) {
      const rows = 600
      const money = Float64Array.from({ length: rows }, () => -30 * Math.log(1 - draw()))
      const outcomes: Outcomes = {
        ...{ armNames: ['control', 'offer'], segmentNames: ['a', 'b', 'c'] },
        arms: Int32Array.from({ length: rows }, (_, row) => row % 2),
        segments: Int32Array.from({ length: rows }, (_, row) => Math.floor(row / 200)),
        metrics: [
          {
            name: 'conversion',
            values: Float64Array.from({ length: rows }, () => (draw() < 0.3 ? 1 : 0)),
            before: null,
          },
          { name: 'spend', values: money, before: null },
        ],
      }
      const [conversion, spend] = analyseExperiment(outcomes, { ...options, seed: trial }).effects
      const { lower, upper } = spend!.overall!.bootstrap!
      if (conversion!.interaction.p < 0.05) wrong.interaction++
      if (spend!.interaction.p < 0.05) wrong.moneyInteraction++
      if (lower > 0 || upper < 0) wrong.bootstrap++
    }
    // Binomial of 300 and 0.05: 15 ± 3 · 3.8, so 4 to 26. The bootstrap of 200 resamples may be a little narrow.
    expect(wrong.interaction).toBeLessThanOrEqual(26)
    expect(wrong.interaction).toBeGreaterThanOrEqual(4)
    expect(wrong.moneyInteraction).toBeLessThanOrEqual(26)
    expect(wrong.moneyInteraction).toBeGreaterThanOrEqual(4)
    expect(wrong.bootstrap).toBeLessThanOrEqual(30)
    expect(wrong.bootstrap).toBeGreaterThanOrEqual(4)
  })
})
