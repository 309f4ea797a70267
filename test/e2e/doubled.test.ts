import { isDeepStrictEqual } from 'node:util'
import { NativeConnection } from '@temporalio/worker'
import { beforeAll, describe, expect, it } from 'vitest'
import type { Activities } from '../../src/activities/activities.ts'
import { readEnvironment } from '../../src/config/environment.ts'
import { makeWorkerSetup } from '../../src/wiring/worker-setup.ts'
import { makeComputeGate } from '../../src/workers/compute-gate.ts'
import { createWorkers } from '../../src/workers/create-workers.ts'
import { loadWorkflowBundle } from '../../src/workers/workflow-bundle.ts'
import type { TestProject } from './project.ts'
import { publishedContent } from './published-content.ts'
import { openShop } from './shop.ts'

const QUARTERS = ['2026-07-01', '2026-10-01']
/** What differs between two attempts by nature. */
const TIMES = new Set(['seconds'])

/** How two attempts at the same time ended: the same result, one result and one conflict, or what must not be. */
type Outcome = 'same' | 'one conflict' | { readonly different: readonly unknown[] }

describe('every activity of a run, at work twice at the same time', () => {
  const outcomes = new Map<string, Outcome[]>()
  let undisturbed: unknown
  let doubled: unknown

  beforeAll(async () => {
    undisturbed = await contentWith('single', async (project) => (await project.startWorker()).stop)
    doubled = await contentWith('doubled', startDoublingWorker)
  })

  it('comes to the same result, or one of the two is a conflict', () => {
    expect([...outcomes.keys()].sort()).toEqual([
      'buildFeatures',
      'buildFeaturesShard',
      'cleanseCustomers',
      'cleanseShard',
      'clusterCustomers',
      'extractSources',
      'fitClusters',
      'placeShard',
      'planRun',
      'publishSegmentation',
      'recordRun',
      'validateAgainstPublished',
    ])
    const bad = [...outcomes].flatMap(([name, all]) =>
      all.filter((one) => typeof one === 'object').map((outcome) => ({ name, outcome })),
    )
    expect(bad).toEqual([])
  })

  it('leaves all that consumers read as an undisturbed run does', () => {
    expect(doubled).toEqual(undisturbed)
  })

  async function contentWith(
    target: string,
    start: (project: TestProject) => Promise<() => Promise<void>>,
  ): Promise<unknown> {
    const project = await openShop(target)
    const stop = await start(project)
    try {
      for (const asOf of QUARTERS) {
        // Of two loads at the same time, the one that is given up may have used a number up: here one always has.
        if (target === 'doubled') await project.sql(`select nextval(pg_get_serial_sequence('publication', 'id'))`)
        expect(await project.run(['shop', '--as-of', asOf])).toMatchObject({ status: 'published' })
      }
      return await publishedContent(project)
    } finally {
      await stop()
      await project.close()
    }
  }

  async function startDoublingWorker(project: TestProject): Promise<() => Promise<void>> {
    const setup = makeWorkerSetup(readEnvironment(project.variables), project.target)
    const connection = await NativeConnection.connect({ address: project.variables.TEMPORAL_ADDRESS! })
    const workers = await createWorkers({
      ...{ connection, namespace: 'default', taskQueues: setup.taskQueues },
      activities: Object.fromEntries(
        Object.entries(setup.activities).map(([name, activity]) => [name, twice(name, activity)]),
      ) as unknown as Activities,
      workflowBundle: await loadWorkflowBundle(),
      computeGate: makeComputeGate(1),
    })
    const running = Promise.all(workers.map((worker) => worker.run()))
    return async () => {
      for (const worker of workers) worker.shutdown()
      await running
      await connection.close()
      await setup.close()
    }
  }

  function twice(name: string, activity: (...args: never[]) => Promise<unknown>) {
    return async (...args: never[]): Promise<unknown> => {
      const both = await Promise.allSettled([activity(...args), activity(...args)])
      outcomes.set(name, [...(outcomes.get(name) ?? []), outcomeOf(both)])
      const done = both.find((one) => one.status === 'fulfilled')
      if (done) return done.value
      throw (both[0] as PromiseRejectedResult).reason
    }
  }
})

function outcomeOf([one, other]: [PromiseSettledResult<unknown>, PromiseSettledResult<unknown>]): Outcome {
  if (one.status === 'fulfilled' && other.status === 'fulfilled') {
    const values = [one.value, other.value].map(timeless)
    return isDeepStrictEqual(values[0], values[1]) ? 'same' : { different: values }
  }
  const refused = [one, other].filter((each) => each.status === 'rejected').map(({ reason }) => reason as unknown)
  return refused.length === 1 && (refused[0] as { type?: string }).type === 'PublishConflict'
    ? 'one conflict'
    : { different: refused }
}

function timeless(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value ?? null, (key, one: unknown) => (TIMES.has(key) ? 0 : one)))
}
