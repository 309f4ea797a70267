import type { Notice, NoticeKind } from '../run/notice.ts'
import type { Definition } from './definition.ts'
import type { PipelineChannel } from './notify.ts'
import { noticesIdOf, taskQueuesOf } from './target-names.ts'

export const NOTICES_WORKFLOW_TYPE = 'sendNotices'

/** The one argument of `sendNotices`. */
export interface NoticesInput {
  readonly notice: Notice
  readonly channels: readonly PipelineChannel[]
}

/** What a client starts it with. */
export interface NoticesStart {
  readonly workflowId: string
  readonly taskQueue: string
  readonly args: [NoticesInput]
  readonly staticSummary: string
}

/** The channels that want to be told. The end of an alarm goes where the alarm went: it is asked for by the alarm's kind. */
export function channelsFor(definition: Pick<Definition, 'notify'>, kind: NoticeKind): readonly PipelineChannel[] {
  return (definition.notify ?? []).filter(({ on }) => on.includes(kind))
}

/** @param channels those that want it; @returns null where none does */
export function noticesStartOf(
  targetName: string,
  notice: Notice,
  channels: readonly PipelineChannel[],
): NoticesStart | null {
  if (channels.length === 0) return null
  return {
    workflowId: noticesIdOf(targetName, notice.key),
    taskQueue: taskQueuesOf(targetName).workflow,
    args: [{ notice, channels }],
    staticSummary: `Tell people: ${notice.subject}`.slice(0, 150),
  }
}
