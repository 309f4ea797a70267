import { beforeAll, describe, expect, it } from 'vitest'
import type { RunStatus } from '../../src/run/run-status.ts'
import { drawsOf, nightSeed } from '../nightly/seed.ts'
import { contentOfRun } from './disturbed-run.ts'
import { killAtRandom, SHARDS, splitShop, WORKERS } from './dying-workers.ts'
import { openOwnTemporal } from './own-temporal.ts'
import { publishedContent } from './published-content.ts'
import { openShop } from './shop.ts'

const AS_OF = ['--as-of', '2026-10-01']
/**
 * A point inside each stage: between its work and its commit, or after the commit but before Temporal knows. At those of a line, worker
 * after worker dies in the same run.
 */
const POINTS = [
  ['extractSources:before-commit', 'placeShard:after-commit'],
  ['cleanseShard:before-commit', 'validateAgainstPublished:before-commit'],
  ['cleanseCustomers:after-commit', 'publishSegmentation:before-switch'],
  ['buildFeaturesShard:before-commit', 'publishSegmentation:after-switch'],
  ['fitClusters:before-commit'],
]

/** One activity of each stage. */
const STEPS = ['extract', 'cleanse-0', 'features-0', 'cluster-fit', 'validate', 'publish']

describe('a run that is disturbed in the middle of a stage', () => {
  let undisturbed: { readonly status: unknown; readonly content: unknown }

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

  it.concurrent.each(POINTS.map((points, index) => ({ where: points.join(' and '), points, index })))(
    'by workers that are killed at $where: the next worker goes on, and all that consumers read equals an undisturbed run',
    async ({ points, index }) => {
      const project = await openShop(`kill${index}`)
      try {
        const run = project.run(['shop', ...AS_OF])
        for (const point of points) {
          const doomed = await project.startWorkerProcess({ RESEGMENT_FAULT: `${point}:kill` })
          expect(await doomed.exited, point).toBeNull()
        }
        await project.startWorker()
        expect({ status: stable(await run), content: await publishedContent(project) }).toEqual(undisturbed)
      } finally {
        await project.close()
      }
    },
  )

  it.concurrent(
    `of ${SHARDS} shards by the death, again and again, of one of ${WORKERS} workers that share it: all that consumers read equals a run of one worker alone`,
    async () => {
      const seed = nightSeed()
      let killed = 0
      const [content, alone] = await Promise.all([
        contentOfRun('severaldie', {
          shop: splitShop(),
          workers: WORKERS,
          async disturb(run) {
            killed = await killAtRandom(run, { draw: drawsOf(seed), everyMs: 300, most: 3 })
          },
        }),
        contentOfRun('severalone', { shop: splitShop() }),
      ])
      expect(killed).toBeGreaterThan(0)
      expect(content, `RESEGMENT_SEED=${seed}, ${killed} killed`).toEqual(alone)
    },
  )

  it('by a Temporal server that is killed in every stage: it goes on by itself, and all that consumers read equals an undisturbed run', async () => {
    const temporal = await openOwnTemporal()
    try {
      const content = await contentOfRun('restarts', {
        temporal,
        async disturb(run) {
          for (const step of STEPS) {
            await run.begun(step)
            await temporal.restart(500)
          }
        },
      })
      expect(content).toEqual(undisturbed.content)
    } finally {
      await temporal.close()
    }
  })
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
