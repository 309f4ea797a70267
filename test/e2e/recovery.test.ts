import { beforeAll, describe, expect, it } from 'vitest'
import type { RunStatus } from '../../src/run/run-status.ts'
import { publishedContent } from './published-content.ts'
import { openShop } from './shop.ts'

const AS_OF = ['--as-of', '2026-10-01']
/** A point inside each stage: between its work and its commit, or after the commit but before Temporal knows. */
const POINTS = [
  'extractSources:before-commit',
  'cleanseShard:before-commit',
  'cleanseCustomers:after-commit',
  'buildFeaturesShard:before-commit',
  'fitClusters:before-commit',
  'placeShard:after-commit',
  'validateAgainstPublished:before-commit',
  'publishSegmentation:before-switch',
  'publishSegmentation:after-switch',
]

describe('a worker killed in the middle of a stage', () => {
  let undisturbed: unknown

  beforeAll(async () => {
    const project = await openShop('calm')
    try {
      await project.startWorker()
      const status = await project.run(['shop', ...AS_OF])
      undisturbed = { status: stable(status), content: await publishedContent(project) }
    } finally {
      await project.close()
    }
  })

  it.concurrent.each(POINTS)(
    '%s: the next worker completes the run, and all that consumers read equals an undisturbed run',
    async (point) => {
      const project = await openShop(`kill${POINTS.indexOf(point)}`)
      try {
        const doomed = await project.startWorker({ RESEGMENT_FAULT: `${point}:kill` })
        const run = project.run(['shop', ...AS_OF])
        expect(await doomed.exited).toBeNull()
        await project.startWorker()
        expect({ status: stable(await run), content: await publishedContent(project) }).toEqual(undisturbed)
      } finally {
        await project.close()
      }
    },
  )
})

/** Without what differs by nature: seconds, ids, addresses that contain the target. */
function stable({
  workflowId: _w,
  temporalRunId: _t,
  manifestUri: _m,
  artifacts: _a,
  pages: _p,
  stages,
  ...rest
}: RunStatus): unknown {
  return { ...rest, stages: stages.map(({ seconds: _s, ...counts }) => counts) }
}
