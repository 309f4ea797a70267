import {
  ActivityFailure,
  ApplicationFailure,
  isCancellation,
  proxyActivities,
  setCurrentDetails,
  workflowInfo,
} from '@temporalio/workflow'
import type { FailureDetails } from '../activities/failures.ts'
import type { NoticeActivities } from '../activities/notice-activities.ts'
import type { NoticesInput } from '../plan/notice-input.ts'
import type { PipelineChannel } from '../plan/notify.ts'
import type { ChannelOutcome } from '../run/notice.ts'
import { wayOf } from '../run/notice.ts'
import { queueBeside } from './activity-steps.ts'

/**
 * Tells people something, by every channel that wants it. Apart from what it tells of: nothing waits for it.
 *
 * Ends Completed when every channel has taken the notice; Failed when one has not: the message says which, why, and what to do.
 */
export async function sendNotices({ notice, channels }: NoticesInput): Promise<readonly ChannelOutcome[]> {
  const { sendNotice } = proxyActivities<NoticeActivities>({
    taskQueue: queueBeside(workflowInfo().taskQueue, 'io'),
    // As long as a run waits for a broken world: after a day nobody needs to hear of it in this way.
    scheduleToCloseTimeout: '24 hours',
    startToCloseTimeout: '2 minutes',
    retry: { initialInterval: '5 seconds', maximumInterval: '10 minutes', backoffCoefficient: 2 },
  })
  const outcomes = await Promise.all(
    channels.map(async (channel): Promise<ChannelOutcome> => {
      const { number } = channel
      const way = wayOf(channel)
      try {
        const named = { activityId: `channel-${number}`, summary: `Tell channel ${number} (${way})` }
        await sendNotice.executeWithOptions(named, [notice, channel])
        return { channel: number, way, failure: null }
      } catch (error) {
        if (isCancellation(error)) throw error
        return { channel: number, way, failure: failureOf(error) }
      }
    }),
  )
  setCurrentDetails(pageOf(notice.subject, outcomes))
  const failed = outcomes.filter(({ failure }) => failure !== null)
  if (failed.length > 0) throw toFailure(failed, channels)
  return outcomes
}

function failureOf(error: unknown): NonNullable<ChannelOutcome['failure']> {
  const cause = error instanceof ActivityFailure ? error.cause : error
  const application = cause instanceof ApplicationFailure ? cause : undefined
  const [details] = (application?.details ?? []) as (Partial<FailureDetails> | undefined)[]
  return {
    type: application?.type ?? 'NoticeNotSent',
    what: details?.what ?? application?.message ?? 'It was not taken within a day.',
    remedy: details?.remedy ?? "Look at the worker's log, and try the channel: resegment notify --test.",
  }
}

function toFailure(failed: readonly ChannelOutcome[], channels: readonly PipelineChannel[]): ApplicationFailure {
  const lines = failed.map(
    ({ channel, way, failure }) =>
      `Channel ${channel} (${way}): ${failure!.what} ${failure!.remedy} (${failure!.type})`,
  )
  const others = channels.length - failed.length
  const message = [...lines, others > 0 && `${others} other ${others === 1 ? 'channel' : 'channels'} took the notice.`]
  return ApplicationFailure.create({
    type: failed[0]!.failure!.type,
    message: message.filter(Boolean).join('\n'),
    nonRetryable: true,
    details: [failed],
  })
}

function pageOf(subject: string, outcomes: readonly ChannelOutcome[]): string {
  const lines = outcomes.map(
    ({ channel, way, failure }) =>
      `- channel ${channel} (${way}): ${failure === null ? 'sent' : `**${failure.type}**: ${failure.what} ${failure.remedy}`}`,
  )
  return [`**${subject.replaceAll('*', '')}**`, '', ...lines].join('\n')
}
