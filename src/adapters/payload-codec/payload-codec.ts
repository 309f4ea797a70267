import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import type { Payload, PayloadCodec } from '@temporalio/common'
import proto from '@temporalio/proto'
import { PayloadNotReadable } from '../../errors/payload-not-readable.ts'
import { KEY_ID, type PayloadKey } from '../../run/payload-key.ts'

const ENCODING = 'binary/encrypted'
const CIPHER = 'aes-256-gcm'
const NONCE_BYTES = 12
const TAG_BYTES = 16
const PayloadMessage = proto.temporal.api.common.v1.Payload

/**
 * Encrypts with the first key and decrypts with all of them; without a key it leaves everything as it is, and says so of what it cannot
 * read. Layout and metadata are those of Temporal's own samples: nonce, ciphertext and tag of the payload as protobuf.
 *
 * @param keys newest first
 */
export function makePayloadCodec(keys: readonly PayloadKey[]): PayloadCodec {
  const [newest] = keys
  return {
    encode: (payloads) => Promise.resolve(newest ? payloads.map((payload) => encrypt(payload, newest)) : payloads),
    // Not thrown before there is a promise: whoever asks waits for one.
    decode: (payloads) => Promise.resolve().then(() => payloads.map((payload) => decrypt(payload, keys))),
  }
}

function encrypt(payload: Payload, { id, bytes }: PayloadKey): Payload {
  const nonce = randomBytes(NONCE_BYTES)
  const cipher = createCipheriv(CIPHER, bytes, nonce)
  const text = Buffer.concat([cipher.update(PayloadMessage.encode(payload).finish()), cipher.final()])
  return {
    metadata: { encoding: Buffer.from(ENCODING), [KEY_ID]: Buffer.from(id) },
    data: Buffer.concat([nonce, text, cipher.getAuthTag()]),
  }
}

function decrypt(payload: Payload, keys: readonly PayloadKey[]): Payload {
  if (textOf(payload.metadata?.['encoding']) !== ENCODING) return payload
  const id = textOf(payload.metadata?.[KEY_ID])
  const key = keys.find((one) => one.id === id)
  if (!key)
    throw new PayloadNotReadable(
      `This was encrypted with key ${id || 'without an id'}; this process has ${keys.length > 0 ? `keys ${keys.map((one) => one.id).join(', ')}` : 'no keys'}.`,
      'Add that key to RESEGMENT_PAYLOAD_KEYS, after the newest one.',
    )
  const data = Buffer.from(payload.data ?? [])
  try {
    const decipher = createDecipheriv(CIPHER, key.bytes, data.subarray(0, NONCE_BYTES))
    decipher.setAuthTag(data.subarray(-TAG_BYTES))
    const plain = Buffer.concat([decipher.update(data.subarray(NONCE_BYTES, -TAG_BYTES)), decipher.final()])
    return PayloadMessage.decode(plain)
  } catch (error) {
    throw new PayloadNotReadable(
      `Key ${id} does not open what was encrypted with a key of that id: the bytes were altered, or it is another key.`,
      'Give each key an id of its own, and never one id to two keys.',
      { cause: error },
    )
  }
}

function textOf(bytes: Uint8Array | null | undefined): string {
  return Buffer.from(bytes ?? []).toString()
}
