import { describe, expect, it } from 'vitest'
import type { StageCounts } from '../../src/run/run-status.ts'
import { slowStageLines } from '../../src/report/slow-stages.ts'
import { findSlowStages } from '../../src/run/stage-durations.ts'

const cleanse = (seconds: number, rowsIn = 1_000): StageCounts => ({
  ...{ stage: 'cleanse', rowsIn, rowsOut: rowsIn, rejected: 0, seconds },
})
const earlier = (...seconds: readonly number[]) => seconds.map((one) => [cleanse(one)])

describe('a stage that takes much longer than it usually does', () => {
  it('is found by the median of earlier runs, one of which may have been slow itself', () => {
    // The median of 100, 110, 120 and 4,000 is 115.
    expect(findSlowStages([cleanse(400)], earlier(100, 4_000, 120, 110))).toEqual([
      { stage: 'cleanse', seconds: 400, usualSeconds: 115, runs: 4 },
    ])
    expect(findSlowStages([cleanse(345)], earlier(100, 4_000, 120, 110))).toEqual([])
  })

  it('may take longer for more rows, in proportion', () => {
    // Twice the rows: 200 s are usual.
    expect(findSlowStages([cleanse(590, 2_000)], earlier(100, 100, 100))).toEqual([])
    expect(findSlowStages([cleanse(610, 2_000)], earlier(100, 100, 100))).toMatchObject([{ usualSeconds: 200 }])
    expect(findSlowStages([cleanse(310, 500)], earlier(100, 100, 100))).toMatchObject([{ usualSeconds: 100 }])
  })

  it('is nothing to speak of below a minute, nor before three runs that computed it', () => {
    expect(findSlowStages([cleanse(62)], earlier(2, 2, 2))).toEqual([])
    expect(findSlowStages([cleanse(63)], earlier(2, 2, 2))).toHaveLength(1)
    expect(findSlowStages([cleanse(1_000)], earlier(100, 100))).toEqual([])
    // Nought seconds: the artifact was there already.
    expect(findSlowStages([cleanse(1_000)], earlier(100, 100, 0))).toEqual([])
  })

  it('is told in words', () => {
    const slow = findSlowStages([cleanse(552)], earlier(134, 134, 134))
    expect(slowStageLines(slow)).toEqual([
      'Slow: cleanse took 9 min 12 s, 4.1 times as long as usual (2 min 14 s, the median of 3 earlier runs).',
    ])
  })
})
