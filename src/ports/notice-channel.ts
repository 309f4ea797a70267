import type { Notice } from '../run/notice.ts'

/** One way to tell people. */
export interface NoticeChannel {
  /**
   * Sends a notice once. The same one may come again, after an attempt whose end nobody heard: it goes by the notice's `key` then.
   *
   * @throws NoticeUnavailable when it may work later, NoticeRefused when it will not
   */
  send(notice: Notice, signal: AbortSignal): Promise<void>
}
