import { createHmac } from 'node:crypto'

export interface SignedParts {
  readonly id: string
  /** Seconds since 1970. */
  readonly timestamp: number
  readonly body: string
}

/** Marks a key that is Base64 rather than text. */
const ENCODED = 'whsec_'

/**
 * The `webhook-signature` of the Standard Webhooks specification (standardwebhooks.com, 1.0.0): `v1,` and the Base64 of HMAC-SHA-256 over
 * `id.timestamp.body`.
 */
export function signDelivery({ id, timestamp, body }: SignedParts, secret: string): string {
  const key = secret.startsWith(ENCODED) ? Buffer.from(secret.slice(ENCODED.length), 'base64') : Buffer.from(secret)
  return `v1,${createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64')}`
}
