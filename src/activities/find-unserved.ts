import type { Context } from '@temporalio/activity'
import { queueRouting } from '../plan/queue-routing.ts'
import { runVersion } from '../plan/run-version.ts'
import { pollersRequest, taskQueuesOf } from '../plan/target-names.ts'
import { searchAttributes } from '../run/search-attributes.ts'
import { targetOption } from '../run/target-option.ts'
import {
  isSameVersion,
  type MissingWorkers,
  missingWorkers,
  noWorker,
  queuesWithout,
  type QueueRouting,
  workerCommand,
  type WorkerVersion,
} from '../run/worker-version.ts'
import type { OwnedTrouble } from './find-trouble.ts'
import type { OpenRun } from './open-runs.ts'

type Client = Context['client']

/** Queues of a target that no worker polls of those whom its tasks are given, and runs that end on workers which are gone. */
export async function findUnserved(
  { workflowService, options }: Client,
  openRuns: readonly OpenRun[],
  targetName: string,
  nowMs: number,
): Promise<readonly OwnedTrouble[]> {
  const queues = await Promise.all(
    Object.values(taskQueuesOf(targetName)).map(async (name: string) =>
      queueRouting(name, await workflowService.describeTaskQueue(pollersRequest(options.namespace, name))),
    ),
  )
  const since = new Date(nowMs).toISOString()
  const unserved = queues.flatMap(missingWorkers).map((missing) => unservedQueue(missing, targetName, since))
  return [...unserved, ...findStranded(openRuns, queues, targetName, since)]
}

function unservedQueue(missing: MissingWorkers, targetName: string, since: string): OwnedTrouble {
  const { queue, version } = missing
  return {
    pipeline: null,
    trouble: {
      ...{ kind: 'unserved', about: queue, since, run: null },
      what: `${noWorker(missing)} polls queue ${queue}: what runs need of it waits.`,
      remedy: `Start a worker, or see why those that there are do not reach Temporal.`,
      command: workerCommand(version, targetName),
    },
  }
}

/** Runs that are pinned to a version which nobody polls of; of the versions that new runs go to the queues tell. */
function findStranded(
  openRuns: readonly OpenRun[],
  queues: readonly QueueRouting[],
  targetName: string,
  since: string,
): readonly OwnedTrouble[] {
  const routed: readonly (WorkerVersion | null)[] = queues.flatMap(({ current, ramping }) => [current, ramping])
  const found: OwnedTrouble[] = []
  for (const described of openRuns) {
    const { workflowId, typedSearchAttributes: attributes } = described
    const version = runVersion(described)
    if (!version?.isPinned || routed.some((one) => one && isSameVersion(one, version))) continue
    const unserved = queuesWithout(version, queues)
    if (unserved.length === 0) continue
    // Nobody answers what it is called: a scheduled run has another name in its Workflow Id.
    const run = attributes.get(searchAttributes.run) ?? workflowId.split('/').at(-1)!
    found.push({
      pipeline: attributes.get(searchAttributes.pipeline) ?? null,
      trouble: {
        ...{ kind: 'unserved', about: run, since, run },
        what: `${noWorker({ version, isPolled: true })} polls ${unserved.join(', ')}: ${run}, which ends on that version, waits.`,
        remedy: `Start one (${workerCommand(version, targetName)}), or let the current version take the run on.`,
        command: `resegment describe ${run}${targetOption(targetName)}`,
      },
    })
  }
  return found
}
