import { ActivityCancellationType, type ActivityInterfaceFor, type ActivityOptions } from '@temporalio/workflow'
import type { Activities, RunEdge } from '../activities/activities.ts'
import type { Definition } from '../plan/definition.ts'
import type { RunPlan } from '../plan/run-plan.ts'
import type { RunOccasion } from '../run/run-occasion.ts'
import type { RunStatus } from '../run/run-status.ts'

interface Step {
  readonly id: string
  readonly summary: string
  /** Shorter than the proxy's where nothing but a few rows moves. */
  readonly startToClose?: ActivityOptions['startToCloseTimeout']
  /** Set where a cancelled run must know whether the step took effect before it stopped. Default: it goes on at once. */
  readonly cancellationType?: ActivityCancellationType
}

/** Ids are stable, so that operators can script on them and a reset finds its stage; summaries are what the UI shows. */
const steps = {
  planRun: () => ({ id: 'plan', summary: 'Fix as-of, revision and plan', startToClose: '5 minutes' }),
  recordRun: (_plan: RunPlan, edge: RunEdge) => ({
    id: `record-${edge.state}`,
    summary: `Record the run as ${edge.state}`,
    startToClose: '5 minutes',
  }),
  remind: (_plan: RunPlan, waited: string) => ({
    id: `remind-${waited.replace(' ', '-')}`,
    summary: 'Remind people of the decision',
  }),
  announce: (_definition: Definition, _status: RunStatus, occasion: RunOccasion) => ({
    id: `announce-${occasion.kind}${occasion.kind === 'reminded' ? `-${occasion.waited.replace(' ', '-')}` : ''}`,
    summary: 'Have people told',
  }),
  extractSources: () => ({ id: 'extract', summary: 'Read the sources' }),
  planCleanse: () => ({ id: 'cleanse-plan', summary: 'Find the bounds of outliers' }),
  cleanseShard: shardStep('cleanse', 'Apply the cleansing rules'),
  cleanseCustomers: () => ({ id: 'cleanse', summary: 'Add the cleansed shards up' }),
  buildFeaturesShard: shardStep('features', 'Compute the features'),
  buildFeatures: () => ({ id: 'features', summary: 'Add the shards up and fit the transforms' }),
  fitClusters: () => ({ id: 'cluster-fit', summary: 'Fit the clusters on a sample' }),
  placeShard: shardStep('cluster', 'Place the customers'),
  clusterCustomers: () => ({ id: 'cluster', summary: 'Add the placed shards up' }),
  validateAgainstPublished: () => ({ id: 'validate', summary: 'Compare with what is live' }),
  // A run that is recorded as cancelled must not come out afterwards.
  publishSegmentation: () => ({
    id: 'publish',
    summary: 'Make the candidate visible to consumers',
    cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
  }),
} satisfies { [Name in keyof Activities]: (...args: Parameters<Activities[Name]>) => Step }

function shardStep(stage: string, summary: string) {
  return (_plan: RunPlan, _ref: unknown, shard: number, shardCount: number): Step => ({
    id: `${stage}-${shard}`,
    summary: `${summary}, shard ${shard + 1} of ${shardCount}`,
  })
}

/** What the same step is done once more for: the end of its id, and of its summary. */
export interface StepVariant {
  readonly id: string
  readonly summary: string
}

/** Gives every call of a proxied activity its id and its summary. */
export function nameSteps(
  proxy: ActivityInterfaceFor<Activities>,
  options: ActivityOptions = {},
  variant: StepVariant = { id: '', summary: '' },
): Activities {
  const named = Object.entries(steps).map(([name, stepOf]) => {
    const call = (...args: never[]): Promise<unknown> => {
      const { id, summary, startToClose, cancellationType } = (stepOf as (...args: never[]) => Step)(...args)
      const limits = {
        ...(startToClose === undefined ? {} : { startToCloseTimeout: startToClose }),
        ...(cancellationType === undefined ? {} : { cancellationType }),
      }
      const activity = proxy[name as keyof Activities] as unknown as {
        executeWithOptions(options: ActivityOptions, args: never[]): Promise<unknown>
      }
      return activity.executeWithOptions(
        { activityId: `${id}${variant.id}`, summary: `${summary}${variant.summary}`, ...limits, ...options },
        args,
      )
    }
    return [name, call]
  })
  return Object.fromEntries(named) as unknown as Activities
}

/** The queue of the same target for another kind of work: names are the client's business, not ours. */
export function queueBeside(workflowQueue: string, kind: 'io' | 'compute'): string {
  return workflowQueue.replace(/-workflow$/, `-${kind}`)
}
