import type { Context } from '@temporalio/activity'
import { expect, it } from 'vitest'
import { findUnserved } from '../../src/activities/find-unserved.ts'
import type { OpenRun } from '../../src/activities/open-runs.ts'

const [PLAIN, VERSIONED] = [1, 2]
const [PINNED, AUTO_UPGRADE] = [1, 2]
const poller = (buildId: string, workerVersioningMode = VERSIONED) => ({
  deploymentOptions: { deploymentName: 'shop', buildId, workerVersioningMode },
})
const routedTo = (buildId: string) => ({ currentDeploymentVersion: { deploymentName: 'shop', buildId } })

/** What is said of the queue of workflows, where the server describes all three alike; undefined: all are served. */
async function told(described: object): Promise<string | undefined> {
  return (await found(described))[0]?.trouble.what
}

function found(described: object, runs: readonly object[] = []) {
  const client = {
    workflowService: { describeTaskQueue: () => Promise.resolve(described) },
    options: { namespace: 'default' },
  }
  return findUnserved(client as unknown as Context['client'], runs as readonly OpenRun[], 'prod', 0)
}

/** A run as Temporal describes it. */
const run = (workflowId: string, buildId: string, behavior = PINNED) => ({
  ...{ workflowId, runId: 'r' },
  typedSearchAttributes: {
    get: ({ name }: { name: string }) => ({ ResegmentPipeline: 'shop', ResegmentRun: 'shop@2026-10-01~1' })[name],
  },
  raw: {
    workflowExecutionInfo: { versioningInfo: { behavior, deploymentVersion: { deploymentName: 'shop', buildId } } },
  },
})

const WAITS = 'polls queue resegment-workflow: what runs need of it waits.'

it('a queue is served when somebody polls it of those whom its tasks are given', async () => {
  expect(await told({ pollers: [poller('v1'), poller('v2')], versioningInfo: routedTo('v2') })).toBeUndefined()
  // A worker without a version may say which build it is all the same.
  expect(await told({ pollers: [poller('v1', PLAIN)] })).toBeUndefined()
  expect(await told({ pollers: [{}] })).toBeUndefined()
})

it('a queue is not served by workers of another version, nor by those with one where none is current', async () => {
  expect(await told({ pollers: [poller('v1')], versioningInfo: routedTo('v2') })).toBe(
    `No worker of version shop:v2 ${WAITS}`,
  )
  expect(await told({ pollers: [poller('v1')] })).toBe(`No worker without a version ${WAITS}`)
  expect(await told({ pollers: [] })).toBe(`No worker ${WAITS}`)
})

it('a run that ends on a version of which nobody polls is a trouble of its own pipeline, others go on with the current one', async () => {
  const described = { pollers: [poller('v2')], versioningInfo: routedTo('v2') }
  const runs = [
    run('resegment-shop-2026-10-01T04:00:00Z', 'v1'),
    run('shop@2026-07-01~1', 'v2'),
    run('shop@2026-04-01~1', 'v1', AUTO_UPGRADE),
  ]
  expect(await found(described, runs)).toEqual([
    {
      pipeline: 'shop',
      trouble: {
        ...{
          kind: 'unserved',
          about: 'shop@2026-10-01~1',
          run: 'shop@2026-10-01~1',
          since: '1970-01-01T00:00:00.000Z',
        },
        what: 'No worker of version shop:v1 polls resegment-workflow, resegment-io, resegment-compute: shop@2026-10-01~1, which ends on that version, waits.',
        remedy:
          'Start one (resegment worker --deployment shop --build-id v1 --target prod), or let the current version take the run on.',
        command: 'resegment describe shop@2026-10-01~1 --target prod',
      },
    },
  ])
  expect(await found({ ...described, pollers: [poller('v1'), poller('v2')] }, runs)).toEqual([])
})

it('a version that a share of new runs goes to, and that nobody polls of, is told as the current one is', async () => {
  const ramping = { rampingDeploymentVersion: { deploymentName: 'shop', buildId: 'v3' }, rampingVersionPercentage: 10 }
  expect(await told({ pollers: [poller('v2')], versioningInfo: { ...routedTo('v2'), ...ramping } })).toBe(
    `No worker of version shop:v3 ${WAITS}`,
  )
})
