import type { PipelineChannel } from '../plan/notify.ts'
import type { Notice } from '../run/notice.ts'

/** The activity of `sendNotices`. It may happen twice: receivers know a notice by its key. */
export interface NoticeActivities {
  sendNotice(notice: Notice, channel: PipelineChannel): Promise<void>
}
