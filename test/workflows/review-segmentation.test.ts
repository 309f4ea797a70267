import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { toActivityFailure } from '../../src/activities/failures.ts'
import type { ReviewActivities } from '../../src/activities/review-activities.ts'
import { reviewPipeline } from '../../src/client/review.ts'
import { ArtifactMissing } from '../../src/errors/artifact-missing.ts'
import { ConnectionFailed } from '../../src/errors/connection-failed.ts'
import { WrongUsage } from '../../src/errors/wrong-usage.ts'
import { numberChannels } from '../../src/plan/notify.ts'
import { projectConfig } from '../../src/plan/project.ts'
import type { DueReview } from '../../src/plan/review.ts'
import { reviewIdOf } from '../../src/plan/review-input.ts'
import { makeDefinition } from './definition.ts'
import { keepHistory } from './history.ts'
import { Scene } from './scene.ts'

let scene: Scene
beforeAll(async () => {
  scene = await Scene.open()
})
afterAll(() => scene.close())

const due = (runKey: string, judgeKey: string): DueReview => ({
  ...{ run: { runKey, revision: 1 }, judge: { runKey: judgeKey, revision: 1 } },
  ...{ from: '2026-06-30T22:00:00Z', until: '2026-09-30T22:00:00Z' },
})
const quarters = [due('shop@2026-04-01', 'shop@2026-07-01'), due('shop@2026-07-01', 'shop@2026-10-01')]
const told = numberChannels(projectConfig.shape.notify.parse([{ command: ['true'], on: ['reviewed'] }]))

/** @param failures what reviewing fails with, one attempt after the other */
function makeReview(failures: readonly Error[] = []): ReviewActivities & { readonly calls: string[] } {
  const calls: string[] = []
  const left = [...failures]
  return {
    calls,
    async findReviews() {
      calls.push('find')
      return quarters
    },
    async reviewRun(_input, one) {
      calls.push(one.run.runKey)
      const failure = left.shift()
      if (failure) throw toActivityFailure(failure)
      return { ...one, index: 43.2, band: 'good', target: 40, reportUri: 's3://lake/review.html' }
    },
    async announceReview(_input, { run }) {
      calls.push(`tell ${run.runKey}`)
    },
  }
}

describe('a review', () => {
  it('judges what is due, the oldest first, tries a broken world again, and tells people of the newest alone', async () => {
    const target = scene.newTarget()
    const review = makeReview([new ConnectionFailed('The warehouse is away.', 'Wait.')])
    const definition = makeDefinition({ targetName: target, notify: told })
    await scene.withWorkers(target, { review }, async () => {
      const outcomes = await reviewPipeline(scene.access, { definition })
      expect(outcomes.map(({ run, index }) => [run.runKey, index])).toEqual([
        ['shop@2026-04-01', 43.2],
        ['shop@2026-07-01', 43.2],
      ])
      expect(review.calls).toEqual([
        ...['find', 'shop@2026-04-01', 'shop@2026-04-01', 'shop@2026-07-01'],
        'tell shop@2026-07-01',
      ])
      await keepHistory(scene.access, reviewIdOf(target, { definition }), 'reviewed')
    })
  })

  it('fails alone, with what to do and how to ask again, and keeps what it has reviewed', async () => {
    const target = scene.newTarget()
    const gone = new ArtifactMissing('The rows of shop@2026-04-01~1 are gone.', 'Judge runs that are kept.')
    const review = makeReview([gone])
    const definition = makeDefinition({ targetName: target, notify: told })
    await scene.withWorkers(target, { review }, async () => {
      await expect(reviewPipeline(scene.access, { definition })).rejects.toMatchObject({
        type: 'ReviewFailed',
        what: 'The review of shop failed (ArtifactMissing): The rows of shop@2026-04-01~1 are gone.',
        remedy: expect.stringContaining('resegment review shop') as string,
      })
      expect(review.calls).toEqual(['find', 'shop@2026-04-01'])
      await keepHistory(scene.access, reviewIdOf(target, { definition }), 'review-failed')
    })
  })

  it('says of what was asked for wrongly what is wrong', async () => {
    const target = scene.newTarget()
    const definition = makeDefinition({ targetName: target })
    const review: ReviewActivities = {
      ...makeReview(),
      findReviews: () => Promise.reject(toActivityFailure(new WrongUsage('The window is open.', 'Wait.')) as Error),
    }
    await scene.withWorkers(target, { review }, async () => {
      await expect(reviewPipeline(scene.access, { definition })).rejects.toMatchObject({
        ...{ type: 'WrongUsage', what: expect.stringContaining('The window is open.') as string },
      })
    })
  })
})
