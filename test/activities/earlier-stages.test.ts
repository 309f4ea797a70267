import { expect, it } from 'vitest'
import { earlierStagesOf } from '../../src/activities/earlier-stages.ts'

const run = { runKey: 'shop@2026-10-01', revision: 1 }

it('takes of earlier stages their times and rows alone', async () => {
  const counts = { stage: 'extract', rowsIn: 12, rowsOut: 11, rejected: 1, inputHash: 'ab', seconds: 3.5 } as const
  expect(await earlierStagesOf({ earlierStages: async () => [[counts], []] }, run)).toEqual({
    earlierStages: [[{ stage: 'extract', rowsIn: 12, seconds: 3.5 }], []],
  })
})

it('stops no run where they cannot be read', async () => {
  const earlierStages = () => Promise.reject(new Error('relation run_counts does not exist'))
  expect(await earlierStagesOf({ earlierStages }, run)).toEqual({})
})
