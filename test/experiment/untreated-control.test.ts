import { describe, expect, it } from 'vitest'
import { analyseExperiment, type AnalysisOptions } from '../../src/experiment/analyse-experiment.ts'
import type { Outcomes } from '../../src/experiment/outcomes.ts'
import { notesOnUntreated } from '../../src/experiment/untreated-control.ts'
import { experimentAnalysis } from '../../src/report/experiment-analysis.ts'

describe('analysis', () => {
  const options: AnalysisOptions = {
    ...{ control: 'none', shares: [0.5, 0.5], alpha: 0.05, correction: 'holm', minimumEffect: null },
    ...{ resamples: 50, seed: 1 },
  }

  it('says of a control without treatment that its answers tell only that nobody was asked, and of what it can do nothing', () => {
    const untreated: Outcomes = {
      ...{ arms: Int32Array.of(0, 0, 0, 0, 1, 1, 1, 1), segments: new Int32Array(8) },
      ...{ armNames: ['none', 'offer'], segmentNames: ['all'] },
      metrics: [
        { name: 'conversion', values: Float64Array.of(0, 0, 0, 0, 1, 1, 0, 1), before: null },
        { name: 'contacts', values: Float64Array.of(0, 0, 0, 0, 2, 1, 1, 1), before: null },
        { name: 'response', values: Float64Array.of(0, 0, 0, 0, 1, 1, 0, 1), before: null },
      ],
    }
    const analysis = analyseExperiment(untreated, options)
    const notes = notesOnUntreated(analysis)
    expect(notes).toEqual([
      expect.stringContaining('Nobody of none was contacted'),
      expect.stringContaining('Nobody of none answered a contact. Where none of them was contacted'),
    ])
    expect(experimentAnalysis('spring', analysis, notes).join(' ').replace(/\s+/g, ' ')).toContain(notes[1])
    const asked = {
      ...untreated,
      metrics: untreated.metrics.slice(2).map((one) => ({ ...one, values: Float64Array.of(0, 1, 0, 0, 1, 1, 0, 1) })),
    }
    expect(notesOnUntreated(analyseExperiment(asked, options))).toEqual([])
  })
})
