import type { Payload } from '@temporalio/common'

/** A payload in protobuf's JSON: bytes are Base64. */
export interface PayloadJson {
  readonly metadata?: Readonly<Record<string, string>>
  readonly data?: string
}

/** What Temporal's UI and command line send to a codec server, and want back. */
export interface PayloadsJson {
  readonly payloads: readonly PayloadJson[]
}

/** @returns undefined: it is something else */
export function parsePayloads(text: string): PayloadsJson | undefined {
  try {
    const { payloads } = JSON.parse(text) as { readonly payloads?: unknown }
    return Array.isArray(payloads) && payloads.every(isPayload) ? { payloads } : undefined
  } catch {
    return undefined
  }
}

function isPayload(value: unknown): value is PayloadJson {
  if (value === null || typeof value !== 'object') return false
  const { metadata = {}, data = '' } = value as Readonly<Record<string, unknown>>
  const isText = (one: unknown): boolean => typeof one === 'string'
  return isText(data) && metadata !== null && typeof metadata === 'object' && Object.values(metadata).every(isText)
}

export function fromJson({ metadata = {}, data = '' }: PayloadJson): Payload {
  const bytes = Object.entries(metadata).map(([key, text]) => [key, Buffer.from(text, 'base64')] as const)
  return { metadata: Object.fromEntries(bytes), data: Buffer.from(data, 'base64') }
}

export function toJson({ metadata, data }: Payload): PayloadJson {
  const texts = Object.entries(metadata ?? {}).map(([key, bytes]) => [key, Buffer.from(bytes).toString('base64')])
  return {
    metadata: Object.fromEntries(texts) as Record<string, string>,
    data: Buffer.from(data ?? []).toString('base64'),
  }
}
