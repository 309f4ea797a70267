import { ConfigInvalid } from '../errors/config-invalid.ts'
import type { PayloadKey } from '../run/payload-key.ts'

const KEY_BYTES = 32
export const PAYLOAD_KEYS = 'RESEGMENT_PAYLOAD_KEYS'

/**
 * Reads `2026q4:BASE64,2026q3:BASE64`, newest first, also a line each.
 *
 * @throws ConfigInvalid, which never quotes a key
 */
export function parsePayloadKeys(text: string): readonly PayloadKey[] {
  const keys = text
    .split(/[\s,]+/)
    .filter(Boolean)
    .map(parseKey)
  const twice = keys.find(({ id }, index) => keys.findIndex((one) => one.id === id) !== index)
  if (twice) throw invalid(`has two keys with id ${twice.id}`)
  if (keys.length === 0) throw invalid('holds no key')
  return keys
}

function parseKey(entry: string, index: number): PayloadKey {
  const { id, base64 } = /^(?<id>[\w.-]{1,64}):(?<base64>[\w+/=-]+)$/.exec(entry)?.groups ?? {}
  if (id === undefined || base64 === undefined) throw invalid(`has no id:key as entry ${index + 1}`)
  const bytes = Buffer.from(base64, 'base64')
  if (bytes.length !== KEY_BYTES) throw invalid(`has ${bytes.length} bytes as key ${id}`)
  return { id, bytes }
}

function invalid(what: string): ConfigInvalid {
  return new ConfigInvalid(
    `${PAYLOAD_KEYS} ${what}; wanted are keys of ${KEY_BYTES} bytes in base64, newest first, as 2026q4:…,2026q3:….`,
    'Make a key by `openssl rand -base64 32`.',
  )
}
