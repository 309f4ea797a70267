import {
  ScheduleAlreadyRunning,
  ScheduleNotFoundError,
  ScheduleOverlapPolicy,
  type ScheduleOptions,
} from '@temporalio/client'
import type { SweepInput } from '../activities/sweep.ts'
import type { Definition } from '../plan/definition.ts'
import { checkDefinitionSize } from '../plan/payload-size.ts'
import { zoneOf } from '../plan/period.ts'
import { scheduleIdOf, sweepIdOf, taskQueuesOf } from '../plan/target-names.ts'
import type { RetentionDays } from '../run/sweep-plan.ts'
import { searchAttributes } from '../workflows/search-attributes.ts'
import type { TemporalAccess } from './connect.ts'
import { describeRun } from './run-texts.ts'
import { explainServerRefusal } from './server-refusal.ts'

/** No schedule of runs ends so. */
const ENDING = '.sweep'

/** Tidying up after dead runs: in the night from Saturday to Sunday, when least is going on. */
export function sweepScheduleOf(definition: Definition, retention: RetentionDays): ScheduleOptions {
  const { targetName, pipeline } = definition
  const input: SweepInput = { definition, retention, dryRun: false }
  return {
    scheduleId: `${scheduleIdOf(targetName, pipeline.pipeline)}${ENDING}`,
    spec: {
      calendars: [{ dayOfWeek: 'SUNDAY', hour: 3, minute: 0, comment: 'Each week.' }],
      timezone: zoneOf(pipeline),
      // All pipelines at once would be in one another's way.
      jitter: '1 hour',
    },
    action: {
      type: 'startWorkflow',
      workflowType: 'sweep',
      workflowId: sweepIdOf(targetName, pipeline.pipeline, false),
      taskQueue: taskQueuesOf(targetName).workflow,
      args: [input],
      typedSearchAttributes: [{ key: searchAttributes.pipeline, value: pipeline.pipeline }],
      ...describeRun(definition, `Tidying up after dead runs of ${pipeline.pipeline}`),
    },
    // What one of them left the next one removes.
    policies: { overlap: ScheduleOverlapPolicy.SKIP, catchupWindow: '1 day' },
  }
}

/** Makes the schedules of sweeps so: one for each pipeline that has a schedule. A paused one stays paused. */
export async function deploySweeps(
  access: TemporalAccess,
  targetName: string,
  definitions: readonly Definition[],
  retention: RetentionDays,
): Promise<void> {
  const { schedule } = access.client
  try {
    const wanted = definitions
      .filter(({ pipeline }) => pipeline.schedule)
      .map((definition) => {
        checkDefinitionSize(definition)
        return sweepScheduleOf(definition, retention)
      })
    for (const options of wanted)
      await schedule.create(options).catch((error: unknown) => {
        if (!(error instanceof ScheduleAlreadyRunning)) throw error
        return schedule.getHandle(options.scheduleId).update(({ state }) => ({ ...options, state }))
      })
    const prefix = scheduleIdOf(targetName, '')
    for await (const { scheduleId } of schedule.list()) {
      const isOurs = scheduleId.startsWith(prefix) && /^[a-z][a-z0-9_]*\.sweep$/.test(scheduleId.slice(prefix.length))
      if (isOurs && !wanted.some((options) => options.scheduleId === scheduleId))
        await schedule.getHandle(scheduleId).delete().catch(ignoreGone)
    }
  } catch (error) {
    throw explainServerRefusal(error, access)
  }
}

function ignoreGone(error: unknown): void {
  if (!(error instanceof ScheduleNotFoundError)) throw error
}
