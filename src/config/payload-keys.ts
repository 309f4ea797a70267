import { execSync } from 'node:child_process'
import { ConfigInvalid } from '../errors/config-invalid.ts'
import type { PayloadKey } from '../run/payload-key.ts'

const KEY_BYTES = 32
const COMMAND_TIMEOUT_MS = 30_000
const NAME = 'RESEGMENT_PAYLOAD_KEYS'

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

/** What a command prints: that of a password manager or a cloud's key store. */
export function printedKeys(command: string): string {
  try {
    return execSync(command, { encoding: 'utf8', timeout: COMMAND_TIMEOUT_MS, stdio: ['ignore', 'pipe', 'inherit'] })
  } catch (error) {
    const { status, signal } = error as { status?: number | null; signal?: string | null }
    // Not the error itself: it holds what was printed.
    throw new ConfigInvalid(
      `The command of ${NAME}_COMMAND failed: ${status == null ? (signal ?? 'it could not be started') : `exit ${status}`}.`,
      'Run it by hand as the user of this process; it must print the keys and exit with 0.',
    )
  }
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
    `${NAME} ${what}; wanted are keys of ${KEY_BYTES} bytes in base64, newest first, as 2026q4:…,2026q3:….`,
    'Make a key by `openssl rand -base64 32`.',
  )
}
