import { Context } from '@temporalio/activity'
import type { Definition } from '../plan/definition.ts'
import { channelsFor, NOTICES_WORKFLOW_TYPE, noticesStartOf } from '../plan/notice-input.ts'
import type { Services } from '../ports/services.ts'
import { describeRunNotice } from '../report/notices/run-notice.ts'
import type { Notice, NoticeKind } from '../run/notice.ts'
import { workflowAddress } from '../run/workflow-address.ts'
import type { Activities } from './activities.ts'
import { toActivityFailure } from './failures.ts'
import { startOnce, type WorkflowStarter } from './start-once.ts'

/** Has people told what becomes of runs. Asks nothing of warehouse and store: it works when they do not. */
export function makeAnnounceActivities({
  temporalUi,
  reached,
}: Pick<Services, 'temporalUi' | 'reached'>): Pick<Activities, 'announce'> {
  return {
    async announce(definition, status, occasion) {
      const { info, client } = Context.current()
      const { workflowId, temporalRunId } = status
      const notice = describeRunNotice({
        ...{ definition, status, occasion },
        temporalUi: temporalUi ? workflowAddress(temporalUi, info.namespace, workflowId, temporalRunId) : null,
      })
      try {
        await startNotices(client.workflow, definition, notice, occasion.kind)
        reached('announce:started')
      } catch (error) {
        throw toActivityFailure(error)
      }
    },
  }
}

/**
 * Starts a workflow that tells all channels which want it. One that was started before stays as it is, also when it has ended: nobody is told
 * the same twice.
 *
 * @param kind what channels ask for: of the end of an alarm, the alarm
 */
export async function startNotices(
  workflows: WorkflowStarter,
  definition: Pick<Definition, 'targetName' | 'notify'>,
  notice: Notice,
  kind: NoticeKind,
): Promise<void> {
  const start = noticesStartOf(definition.targetName, notice, channelsFor(definition, kind))
  if (start) await startOnce(workflows, NOTICES_WORKFLOW_TYPE, start)
}
