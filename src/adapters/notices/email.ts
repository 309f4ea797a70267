import { createHash } from 'node:crypto'
import { ConfigInvalid } from '../../errors/config-invalid.ts'
import { NoticeRefused } from '../../errors/notice-refused.ts'
import { NoticeUnavailable } from '../../errors/notice-unavailable.ts'
import type { NoticeChannel } from '../../ports/notice-channel.ts'
import { toHtml, toPlainText } from './mail-text.ts'

export interface EmailOptions {
  /** Holds a password: messages name the host only. */
  readonly url: string
  readonly from: string
  readonly to: readonly string[]
  readonly allowPlain: boolean
}

const TIMEOUT_MS = 30_000

/** Sends notices by a mail server. */
export function makeEmailChannel({ url: text, from, to, allowPlain }: EmailOptions): NoticeChannel {
  return {
    async send(notice, signal) {
      const url = readUrl(text)
      const isSecure = url.protocol === 'smtps:'
      // Few have mail: others need not wait for it when they start.
      const { createTransport } = await import('nodemailer')
      const transport = createTransport({
        host: url.hostname.replace(/^\[|\]$/g, ''),
        port: Number(url.port) || (isSecure ? 465 : 587),
        secure: isSecure,
        requireTLS: !isSecure && !allowPlain,
        ...(url.username && {
          auth: { user: decodeURIComponent(url.username), pass: decodeURIComponent(url.password) },
        }),
        connectionTimeout: TIMEOUT_MS,
        greetingTimeout: TIMEOUT_MS,
        socketTimeout: TIMEOUT_MS,
        // Text is ours, addresses are the project's: nothing is fetched from files or the network for a mail.
        disableFileAccess: true,
        disableUrlAccess: true,
      })
      const stop = (): void => transport.close()
      signal.addEventListener('abort', stop)
      try {
        await transport.sendMail({
          from,
          to: [...to],
          subject: notice.subject,
          text: toPlainText(notice),
          html: toHtml(notice),
          // The same when it comes twice: mail programs show one.
          messageId: `<${createHash('sha256').update(notice.key).digest('hex').slice(0, 32)}@resegment>`,
          headers: { 'auto-submitted': 'auto-generated', 'x-resegment-notice': notice.kind },
        })
      } catch (error) {
        signal.throwIfAborted()
        throw explain(error, url)
      } finally {
        signal.removeEventListener('abort', stop)
        transport.close()
      }
    },
  }
}

function readUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : null
  if (url && ['smtp:', 'smtps:'].includes(url.protocol) && url.hostname !== '') return url
  throw new ConfigInvalid(
    // Never quoted: it holds a password.
    'The address of the mail server is no URL that begins with smtps:// or smtp://.',
    'Correct the secret that email.smtp under notify names: smtps://user:password@host.',
  )
}

/** What servers say is not repeated: it may quote what was sent. Their number is enough to look it up. */
function explain(error: unknown, { host }: URL): unknown {
  const { code, responseCode } = error as { code?: string; responseCode?: number }
  if (code === 'EAUTH')
    return new NoticeRefused(
      `The mail server at ${host} does not let us in${responseCode ? ` (${responseCode})` : ''}.`,
      'Correct user and password in the secret that email.smtp under notify names.',
    )
  if (code === 'ETLS')
    return new NoticeRefused(
      `The mail server at ${host} offers no encryption that we can use.`,
      'Use its smtps:// address, correct its certificate, or set allowPlain: true where the network is yours.',
    )
  // 5yz: no for good (RFC 5321, 4.2.1).
  if (responseCode !== undefined && responseCode >= 500)
    return new NoticeRefused(
      `The mail server at ${host} refused the mail (${responseCode}).`,
      'Check from and to of the channel, and whether the server may send for them.',
    )
  return new NoticeUnavailable(
    `The mail server at ${host} cannot be reached or did not take the mail (${responseCode ?? code ?? 'no code'}).`,
    'The notice is sent again by itself.',
  )
}
