import { Context } from '@temporalio/activity'
import type { Services } from '../ports/services.ts'
import { toActivityFailure } from './failures.ts'
import type { NoticeActivities } from './notice-activities.ts'

export function makeNoticeActivities(services: Pick<Services, 'noticeChannel'>): NoticeActivities {
  return {
    async sendNotice(notice, channel) {
      const { cancellationSignal, cancelled } = Context.current()
      try {
        await services.noticeChannel(channel).send(notice, cancellationSignal)
      } catch (error) {
        if (cancellationSignal.aborted) await cancelled
        throw toActivityFailure(error)
      }
    },
  }
}
