import { describe, expect, it } from 'vitest'
import { chooseCandidate } from '../../../src/stages/cluster/choose-candidate.ts'
import type { ChoiceRules, CountEvidence } from '../../../src/stages/cluster/choose-candidate.ts'

const counted = (clusterCount: number, evidence: Partial<CountEvidence> = {}): CountEvidence => ({
  ...{ clusterCount, smallestShare: 0.1, silhouette: 0.2, minimumJaccard: 0.7, predictionStrength: 0.5 },
  ...evidence,
})
const first: ChoiceRules = { minimumShare: 0.02, previousCount: null, margin: 0.1 }

describe('chooseCandidate', () => {
  it('takes the most clusters that still predict', () => {
    const tried = [
      counted(3, { predictionStrength: 0.95, silhouette: 0.5 }),
      counted(4, { predictionStrength: 0.8, silhouette: 0.3 }),
      counted(5, { predictionStrength: 0.79, silhouette: 0.6 }),
    ]
    const { index, reasons } = chooseCandidate(tried, first)
    expect(index).toBe(1)
    expect(reasons).toEqual([
      'Passes, and predicts with 0.95; another has more clusters.',
      'Chosen: the most clusters with a prediction strength of 0.8 or more.',
      'Passes; its prediction strength is 0.79.',
    ])
  })

  it('chooses nothing where one count is asked for', () => {
    expect(chooseCandidate([counted(4)], first)).toEqual({
      index: 0,
      reasons: ['The only count that was tried, as the pipeline asks.'],
    })
  })

  it('takes the largest silhouette when none predicts, of equals the smaller count', () => {
    const widths = [0.2, 0.4, 0.4, 0.1]
    const tried = widths.map((silhouette, i) => counted(i + 2, { silhouette }))
    expect(chooseCandidate(tried, first).index).toBe(1)
    expect(chooseCandidate(tried.toReversed(), first).index).toBe(2)
  })

  it('leaves out counts with a cluster that is too small or not to be trusted, while others pass', () => {
    const tried = [
      counted(3, { silhouette: 0.1 }),
      counted(4, { silhouette: 0.9, smallestShare: 0.004, predictionStrength: 0.9 }),
      counted(5, { silhouette: 0.8, minimumJaccard: 0.51 }),
    ]
    const { index, reasons } = chooseCandidate(tried, first)
    expect(index).toBe(0)
    expect(reasons.slice(1)).toEqual([
      'Its smallest cluster has 0.4 % of the customers, less than 2.0 %.',
      'Its least stable cluster has a Jaccard overlap of 0.51, less than 0.6.',
    ])
    const { index: least, reasons: said } = chooseCandidate(tried.slice(1), first)
    expect([least, said[1]]).toEqual([1, expect.stringContaining('no count has only clusters')])
  })

  it('goes by size and silhouette where stability was not computed', () => {
    const unknown = { minimumJaccard: null, predictionStrength: null }
    const tried = [
      counted(2, { ...unknown, silhouette: null }),
      counted(3, unknown),
      counted(4, { ...unknown, silhouette: 0.1 }),
    ]
    expect(chooseCandidate(tried, first).index).toBe(1)
  })

  describe('with a live model', () => {
    const live: ChoiceRules = { ...first, previousCount: 4 }

    it('keeps its count unless the silhouette gains more than the margin', () => {
      const close = [counted(3, { silhouette: 0.29 }), counted(4)]
      expect(chooseCandidate(close, live)).toEqual({
        index: 1,
        reasons: [
          'Passes; its prediction strength is 0.50.',
          'Kept, as the live model has it: 3 clusters would gain only 0.090 in silhouette; the margin is 0.1.',
        ],
      })
      expect(chooseCandidate([counted(3, { silhouette: 0.31 }), counted(4)], live).index).toBe(0)
    })

    it('gives its count the margin before another one comes further', () => {
      const predicts = (strength: number) =>
        chooseCandidate([counted(3, { predictionStrength: 0.85 }), counted(4, { predictionStrength: strength })], live)
      expect([predicts(0.71).index, predicts(0.69).index]).toEqual([1, 0])
      const stable = (jaccard: number) => chooseCandidate([counted(3), counted(4, { minimumJaccard: jaccard })], live)
      expect([stable(0.51).index, stable(0.49).index]).toEqual([1, 0])
    })

    it('takes more clusters when they clearly predict, because a group is new', () => {
      const grown = (strength: number) =>
        chooseCandidate([counted(4, { predictionStrength: 0.95 }), counted(5, { predictionStrength: strength })], live)
      expect([grown(0.91).index, grown(0.89).index]).toEqual([1, 0])
    })

    it('gives no margin to a cluster that is too small', () => {
      expect(chooseCandidate([counted(3), counted(4, { smallestShare: 0.019 })], live).index).toBe(0)
    })

    it('chooses anew when its count is not tried any more', () => {
      expect(chooseCandidate([counted(2, { silhouette: 0.1 }), counted(3)], live).index).toBe(1)
    })
  })
})
