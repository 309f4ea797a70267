import type { Context } from '@temporalio/activity'
import { expect, it } from 'vitest'
import { findUnserved } from '../../src/activities/find-trouble.ts'

const [PLAIN, VERSIONED] = [1, 2]
const poller = (buildId: string, workerVersioningMode = VERSIONED) => ({
  deploymentOptions: { deploymentName: 'shop', buildId, workerVersioningMode },
})
const routedTo = (buildId: string) => ({ currentDeploymentVersion: { deploymentName: 'shop', buildId } })

/** What is said of the queue of workflows, where the server describes all three alike; undefined: all are served. */
async function told(described: object): Promise<string | undefined> {
  const client = {
    workflowService: { describeTaskQueue: () => Promise.resolve(described) },
    options: { namespace: 'default' },
  }
  const found = await findUnserved(client as unknown as Context['client'], 'prod', 0)
  return found[0]?.trouble.what
}

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
