import { post } from '../adapters/destinations/webhook/post.ts'
import { makeCommandChannel } from '../adapters/notices/command.ts'
import { makeEmailChannel } from '../adapters/notices/email.ts'
import { makeWebhookChannel } from '../adapters/notices/webhook.ts'
import type { Environment } from '../config/environment.ts'
import type { Channel } from '../plan/notify.ts'
import type { NoticeChannel } from '../ports/notice-channel.ts'

const COMMAND_TIMEOUT_MS = 60_000

/**
 * Opens a channel. Secrets are read here, and go no further than the adapter.
 *
 * @throws SecretMissing
 */
export function openNoticeChannel(environment: Environment, channel: Channel): NoticeChannel {
  if ('webhook' in channel) {
    const { webhook, allowHttp, allowPrivate } = channel
    const url = typeof webhook === 'string' ? webhook : environment.secret(webhook.secret)
    return makeWebhookChannel({ url, allowHttp, allowPrivate, post })
  }
  if ('email' in channel) {
    const { smtp, ...mail } = channel.email
    return makeEmailChannel({ ...mail, url: environment.secret(smtp.secret) })
  }
  return makeCommandChannel({ command: channel.command, timeoutMs: COMMAND_TIMEOUT_MS })
}
