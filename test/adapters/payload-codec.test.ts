import { webcrypto } from 'node:crypto'
import { defaultPayloadConverter, type Payload } from '@temporalio/common'
import { temporal } from '@temporalio/proto'
import { expect, it } from 'vitest'
import { makePayloadCodec } from '../../src/adapters/payload-codec/payload-codec.ts'
import type { PayloadKey } from '../../src/run/payload-key.ts'

const SECRET = 'frau.schmidt@example.com'
const payload = defaultPayloadConverter.toPayload({ source: SECRET })
const [older, newer] = ['2026q3', '2026q4'].map((id, at): PayloadKey => ({ id, bytes: Buffer.alloc(32, at + 1) })) as [
  PayloadKey,
  PayloadKey,
]

async function encrypted(keys: readonly PayloadKey[]): Promise<Payload> {
  return (await makePayloadCodec(keys).encode([payload]))[0]!
}

async function read(keys: readonly PayloadKey[], one: Payload): Promise<unknown> {
  return defaultPayloadConverter.fromPayload((await makePayloadCodec(keys).decode([one]))[0]!)
}

it('what was encrypted holds nothing of the text, differs each time and comes back whole', async () => {
  const [one, two] = [await encrypted([newer]), await encrypted([newer])]
  expect(Buffer.from(one.data!).toString('latin1')).not.toContain('schmidt')
  expect(Buffer.from(one.data!)).not.toEqual(Buffer.from(two.data!))
  expect(await read([newer], one)).toEqual({ source: SECRET })
})

it('the first key encrypts, and every key decrypts', async () => {
  const before = await encrypted([older])
  const after = await encrypted([newer, older])
  expect(Buffer.from(after.metadata!['encryption-key-id']!).toString()).toBe('2026q4')
  expect(await read([newer, older], before)).toEqual({ source: SECRET })
  expect(await read([newer], after)).toEqual({ source: SECRET })
})

it('a key that is missing is named, also where there are no keys; so is another key under its id', async () => {
  const before = await encrypted([older])
  await expect(read([newer], before)).rejects.toThrow(/encrypted with key 2026q3; this process has keys 2026q4\. Add/)
  await expect(read([], before)).rejects.toThrow(/encrypted with key 2026q3; this process has no keys/)
  const impostor = { id: older.id, bytes: newer.bytes }
  await expect(read([impostor], before)).rejects.toThrow(/Key 2026q3 does not open/)
})

it('without keys payloads pass as they are; what was never encrypted can be read with keys, too', async () => {
  expect(await encrypted([])).toBe(payload)
  expect(await read([newer], payload)).toEqual({ source: SECRET })
})

it('one that the Web Crypto API encrypted, laid out as Temporal’s samples do, is read', async () => {
  const key = await webcrypto.subtle.importKey('raw', newer.bytes, 'AES-GCM', false, ['encrypt'])
  const iv = webcrypto.getRandomValues(new Uint8Array(12))
  const plain = Uint8Array.from(temporal.api.common.v1.Payload.encode(payload).finish())
  const text = await webcrypto.subtle.encrypt({ name: 'AES-GCM', iv, tagLength: 128 }, key, plain)
  const theirs = {
    metadata: { encoding: Buffer.from('binary/encrypted'), 'encryption-key-id': Buffer.from('2026q4') },
    data: Buffer.concat([iv, Buffer.from(text)]),
  }
  expect(await read([newer], theirs)).toEqual({ source: SECRET })
})
