import { Agent as HttpAgent } from 'node:http'
import { Agent as HttpsAgent } from 'node:https'
import { setTimeout as pause } from 'node:timers/promises'
import { ConfigInvalid } from '../../../errors/config-invalid.ts'
import { DestinationRefused } from '../../../errors/destination-refused.ts'
import { DestinationUnavailable } from '../../../errors/destination-unavailable.ts'
import type { ActivationDestination, Delivery, Effect } from '../../../ports/activation.ts'
import { formatRunId } from '../../../run/run-key.ts'
import { type Answer, post, PrivateAddress } from './post.ts'
import { signDelivery } from './sign-delivery.ts'

export interface WebhookOptions {
  /** May hold a token: messages name the host only. */
  readonly url: string
  readonly signingKey: string
  readonly batchSize: number
  readonly ratePerSecond: number
  readonly timeoutSeconds: number
  readonly allowHttp: boolean
  readonly allowPrivate: boolean
}

/** Statuses after which the same request may be taken. 409: another one with its key is still at work. */
const PASSING = new Set([408, 409, 425, 429])
/** Statuses that say no to these events, not to us. */
const OF_THE_BATCH = new Set([400, 413, 422])

/** Sends events as signed JSON. @throws ConfigInvalid when the address is none that may be sent to */
export function makeWebhook(options: WebhookOptions): ActivationDestination {
  const url = readUrl(options)
  const agent = url.protocol === 'https:' ? new HttpsAgent({ keepAlive: true }) : new HttpAgent({ keepAlive: true })
  let nextMs = 0
  return {
    batchSize: options.batchSize,
    tells: 'changes',
    isNew: () => Promise.resolve(false),
    async deliver(delivery, { signal }) {
      const waitMs = nextMs - performance.now()
      if (waitMs > 0) await pause(waitMs, undefined, { signal })
      nextMs = performance.now() + 1000 / options.ratePerSecond
      const body = JSON.stringify(await describe(delivery))
      // When it is sent, not when it was planned: receivers refuse what is old.
      const timestamp = Math.floor(Date.now() / 1000)
      const signature = signDelivery({ id: delivery.key, timestamp, body }, options.signingKey)
      const headers = {
        'content-type': 'application/json',
        'user-agent': 'resegment',
        'idempotency-key': delivery.key,
        'webhook-id': delivery.key,
        'webhook-timestamp': String(timestamp),
        'webhook-signature': signature,
      }
      const timeoutMs = options.timeoutSeconds * 1000
      const answer = await post(url, headers, body, {
        agent,
        allowPrivate: options.allowPrivate,
        timeoutMs,
        signal,
      }).catch((error: unknown) => {
        signal.throwIfAborted()
        throw explain(error, url, options)
      })
      judge(answer, url)
    },
    close: () => Promise.resolve(agent.destroy()),
  }
}

function readUrl({ url: text, allowHttp }: WebhookOptions): URL {
  // Never quoted: it may be a secret.
  const url = URL.canParse(text) ? new URL(text) : null
  if (!url || !['https:', 'http:'].includes(url.protocol))
    throw new ConfigInvalid(
      'The address of the webhook is no URL that begins with https://.',
      'Correct activate.<name>.url, or the secret that it names.',
    )
  if (url.protocol === 'http:' && !allowHttp)
    throw new ConfigInvalid(
      `The webhook at ${url.host} has an http:// address: who is in which segment would be sent for anybody to read.`,
      'Use its https:// address; or set allowHttp: true where the network is yours.',
    )
  return url
}

/** What a receiver gets: ids and segment keys, nothing else that is known of a customer. */
async function describe(delivery: Delivery) {
  const events = []
  for await (const effect of delivery.effects()) events.push(describeEffect(effect))
  const { key, pipeline, destination, asOf, number, count, isFull } = delivery
  return {
    version: 1,
    id: key,
    pipeline,
    run: formatRunId(delivery),
    destination,
    as_of: asOf,
    kind: isFull ? 'full' : 'changes',
    batch: number,
    batches: count,
    events,
  }
}

function describeEffect({ id, event, customerId, fromSegmentKey, toSegmentKey }: Effect) {
  return { id, event, customer_id: customerId, from_segment_key: fromSegmentKey, to_segment_key: toSegmentKey }
}

function judge({ status, retryAfterMs }: Answer, { host }: URL): void {
  if (status >= 200 && status < 300) return
  if (PASSING.has(status) || status >= 500)
    throw new DestinationUnavailable(
      `The webhook at ${host} answered ${status}.`,
      'What is pending is sent again by itself.',
      retryAfterMs,
    )
  if (OF_THE_BATCH.has(status))
    throw new DestinationRefused(
      `The webhook at ${host} refused a batch of events with status ${status}.`,
      'See its log for why; a smaller batchSize may do. Then send what was refused again.',
      'batch',
    )
  if (status >= 300 && status < 400)
    throw new DestinationRefused(
      `The webhook at ${host} answered ${status}, which leads elsewhere: redirects are not followed.`,
      'Name the address itself under activate.',
    )
  throw new DestinationRefused(
    `The webhook at ${host} refused with status ${status}.`,
    'Check its address, its key and who may send to it.',
  )
}

function explain(error: unknown, { host }: URL, { timeoutSeconds }: WebhookOptions): unknown {
  if (error instanceof PrivateAddress)
    return new DestinationRefused(
      `The webhook at ${host} has an address in a private network (${error.message}).`,
      'Correct the address; or set allowPrivate: true where it is meant.',
    )
  const { name, code } = error as { name?: string; code?: string }
  const isLate = name === 'TimeoutError' || name === 'AbortError'
  return new DestinationUnavailable(
    isLate
      ? `The webhook at ${host} did not answer within ${timeoutSeconds} seconds.`
      : `The webhook at ${host} cannot be reached or broke off (${code ?? name ?? 'no code'}).`,
    'What is pending is sent again by itself.',
  )
}
