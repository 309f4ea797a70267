import { lookup as resolve, type LookupAddress } from 'node:dns'
import { type Agent, request as requestHttp } from 'node:http'
import { request as requestHttps } from 'node:https'
import { isIP, type LookupFunction } from 'node:net'
import { isPrivateAddress } from './private-address.ts'

export interface PostOptions {
  readonly agent: Agent
  readonly allowPrivate: boolean
  readonly timeoutMs: number
  readonly signal: AbortSignal
}

export interface Answer {
  readonly status: number
  /** When the receiver wants to be asked again, an hour at most; undefined: it does not say. */
  readonly retryAfterMs: number | undefined
}

const LONGEST_RETRY_AFTER_MS = 60 * 60_000

/** The address is none that a webhook may be sent to. */
export class PrivateAddress extends Error {
  override readonly name = 'PrivateAddress'
}

/** Sends a body once. Follows no redirect, and reads nothing of the answer but its status: what receivers say may quote customers. */
export function post(
  url: URL,
  headers: Readonly<Record<string, string>>,
  body: string,
  { agent, allowPrivate, timeoutMs, signal }: PostOptions,
): Promise<Answer> {
  const host = url.hostname.replace(/^\[|\]$/g, '')
  if (!allowPrivate && isIP(host) && isPrivateAddress(host)) return Promise.reject(new PrivateAddress(host))
  return new Promise((done, failed) => {
    const send = url.protocol === 'https:' ? requestHttps : requestHttp
    const outgoing = send(
      url,
      {
        method: 'POST',
        agent,
        // Whole, not between two bytes: a receiver that trickles would hold us for ever.
        signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
        headers: { ...headers, 'content-length': String(Buffer.byteLength(body)) },
        ...(allowPrivate ? {} : { lookup: lookupPublic }),
      },
      (answer) => {
        answer.resume()
        answer.once('error', failed)
        const { statusCode: status = 0, headers: told } = answer
        answer.once('end', () => done({ status, retryAfterMs: waitOf(told['retry-after']) }))
        answer.once('close', () => {
          if (!answer.complete) failed(Object.assign(new Error('the answer broke off'), { code: 'ECONNRESET' }))
        })
      },
    )
    outgoing.once('error', failed)
    outgoing.end(body)
  })
}

/** Seconds, or a date (RFC 9110). */
function waitOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  const waitMs = /^\d+$/.test(text) ? Number(text) * 1000 : Date.parse(text) - Date.now()
  return Number.isNaN(waitMs) ? undefined : Math.min(Math.max(0, waitMs), LONGEST_RETRY_AFTER_MS)
}

/** The address that is connected to is the one that was looked at: a name that answers differently the second time gains nothing. */
const lookupPublic: LookupFunction = (host, options, answer) => {
  resolve(host, { ...options, all: true }, (error, addresses) => {
    if (error) return answer(error, [])
    const refused = (addresses as LookupAddress[]).find(({ address }) => isPrivateAddress(address))
    if (refused) return answer(new PrivateAddress(`${host}, which is ${refused.address}`) as NodeJS.ErrnoException, [])
    if (options.all) return answer(null, addresses)
    const [first] = addresses
    return answer(null, first!.address, first!.family)
  })
}
