import { Agent as HttpAgent } from 'node:http'
import { Agent as HttpsAgent } from 'node:https'
import { ConfigInvalid } from '../../errors/config-invalid.ts'
import { NoticeRefused } from '../../errors/notice-refused.ts'
import { NoticeUnavailable } from '../../errors/notice-unavailable.ts'
import type { NoticeChannel } from '../../ports/notice-channel.ts'
import { toSlackMessage } from './slack-message.ts'

export interface WebhookOptions {
  /** May hold a token: messages name the host only. */
  readonly url: string
  readonly allowHttp: boolean
  readonly allowPrivate: boolean
  readonly post: Post
}

/** Sends a body once, and looks at the address before. */
export type Post = (
  url: URL,
  headers: Readonly<Record<string, string>>,
  body: string,
  options: { agent: HttpAgent; allowPrivate: boolean; timeoutMs: number; signal: AbortSignal },
) => Promise<{ readonly status: number; readonly retryAfterMs: number | undefined }>

const TIMEOUT_MS = 30_000
/** Statuses after which the same request may be taken. */
const PASSING = new Set([408, 425, 429])

/** Posts notices as messages of Slack. */
export function makeWebhookChannel(options: WebhookOptions): NoticeChannel {
  return {
    async send(notice, signal) {
      const url = readUrl(options)
      const headers = {
        'content-type': 'application/json; charset=utf-8',
        'user-agent': 'resegment',
        'idempotency-key': notice.key,
      }
      const agent = url.protocol === 'https:' ? new HttpsAgent() : new HttpAgent()
      const { allowPrivate } = options
      try {
        const body = JSON.stringify(toSlackMessage(notice))
        const answer = await options.post(url, headers, body, { agent, allowPrivate, timeoutMs: TIMEOUT_MS, signal })
        judge(answer, url)
      } catch (error) {
        signal.throwIfAborted()
        throw explain(error, url)
      } finally {
        agent.destroy()
      }
    },
  }
}

function readUrl({ url: text, allowHttp }: WebhookOptions): URL {
  // Never quoted: it may be a secret.
  const url = URL.canParse(text) ? new URL(text) : null
  if (!url || !['https:', 'http:'].includes(url.protocol))
    throw new ConfigInvalid(
      'The address of the webhook is no URL that begins with https://.',
      'Correct webhook under notify, or the secret that it names.',
    )
  if (url.protocol === 'http:' && !allowHttp)
    throw new ConfigInvalid(
      `The webhook at ${url.host} has an http:// address: anybody on the way could read along.`,
      'Use its https:// address; or set allowHttp: true where the network is yours.',
    )
  return url
}

function judge({ status, retryAfterMs }: Awaited<ReturnType<Post>>, { host }: URL): void {
  if (status >= 200 && status < 300) return
  if (PASSING.has(status) || status >= 500)
    throw new NoticeUnavailable(
      `The webhook at ${host} answered ${status}.`,
      'The notice is sent again by itself.',
      retryAfterMs,
    )
  if (status >= 300 && status < 400)
    throw new NoticeRefused(
      `The webhook at ${host} answered ${status}, which leads elsewhere: redirects are not followed.`,
      'Name the address itself under notify.',
    )
  const reasons: Readonly<Record<number, string>> = {
    401: 'it does not know us',
    403: 'it may not be posted to',
    404: 'there is no such webhook any more',
    410: 'its channel is archived or gone',
  }
  throw new NoticeRefused(
    `The webhook at ${host} refused with status ${status}${reasons[status] ? `: ${reasons[status]}` : ''}.`,
    'Make a new webhook, put its address into the secret that notify names, and try it: resegment notify --test.',
  )
}

function explain(error: unknown, { host }: URL): unknown {
  if (error instanceof NoticeUnavailable || error instanceof NoticeRefused) return error
  const { name, code, message } = error as { name?: string; code?: string; message?: string }
  if (name === 'PrivateAddress')
    return new NoticeRefused(
      `The webhook at ${host} has an address in a private network (${message ?? host}).`,
      'Correct the address; or set allowPrivate: true where it is meant.',
    )
  const isLate = name === 'TimeoutError' || name === 'AbortError'
  return new NoticeUnavailable(
    isLate
      ? `The webhook at ${host} did not answer within ${TIMEOUT_MS / 1000} seconds.`
      : `The webhook at ${host} cannot be reached or broke off (${code ?? name ?? 'no code'}).`,
    'The notice is sent again by itself.',
  )
}
