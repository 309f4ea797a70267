import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { makePayloadCodec } from '../../src/adapters/payload-codec/payload-codec.ts'
import { withOverrides, readEnvironment } from '../../src/config/environment.ts'
import { openCodecServer } from '../../src/wiring/codec-server.ts'
import type { Listening } from '../../src/wiring/listen.ts'

const OLDER = `older:${Buffer.alloc(32, 1).toString('base64')}`
const NEWER = `newer:${Buffer.alloc(32, 2).toString('base64')}`
const TOKEN = 'a-token-of-the-test-that-is-long'
const UI = 'https://temporal.acme.example'
const PLAIN = { metadata: { encoding: encoded('json/plain') }, data: encoded('{"customers":7}') }

function encoded(text: string): string {
  return Buffer.from(text).toString('base64')
}

function environmentWith(variables: Readonly<Record<string, string>>) {
  return withOverrides(readEnvironment(), variables)
}

/** As a worker with these keys gives it to Temporal, in protobuf's JSON. */
async function encryptedWith(keys: string): Promise<object> {
  const codec = makePayloadCodec(environmentWith({ RESEGMENT_PAYLOAD_KEYS: keys }).payloadKeys())
  const metadata = { encoding: Buffer.from('json/plain') }
  const [{ metadata: kept, data } = {}] = await codec.encode([{ metadata, data: Buffer.from('{"customers":7}') }])
  const texts = Object.entries(kept!).map(([key, bytes]) => [key, Buffer.from(bytes).toString('base64')])
  return { metadata: Object.fromEntries(texts) as object, data: Buffer.from(data!).toString('base64') }
}

describe('a codec server', () => {
  const refusals: string[] = []
  let server: Listening
  beforeAll(async () => {
    const environment = environmentWith({ RESEGMENT_PAYLOAD_KEYS: `${NEWER},${OLDER}`, RESEGMENT_CODEC_TOKEN: TOKEN })
    const options = { host: '127.0.0.1', port: 0, origins: [UI], allowCredentials: true }
    server = await openCodecServer(environment, { ...options, onRefusal: (what) => refusals.push(what) })
  })
  afterAll(() => server.close())

  const ask = (path: string, payloads: unknown, headers: Readonly<Record<string, string>> = {}): Promise<Response> =>
    fetch(`http://${server.address}${path}`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'x-namespace': 'any',
        authorization: `Bearer ${TOKEN}`,
        ...headers,
      },
      body: typeof payloads === 'string' ? payloads : JSON.stringify({ payloads }),
    })

  it('decodes what any of its keys encrypted, and leaves what is in clear as it came', async () => {
    const foreign = {
      metadata: { encoding: encoded('binary/plain') },
      data: '',
      externalPayloads: [{ sizeBytes: '7' }],
    }
    const answer = await ask('/decode', [await encryptedWith(OLDER), await encryptedWith(NEWER), PLAIN, foreign])
    expect(await answer.json()).toEqual({ payloads: [PLAIN, PLAIN, PLAIN, foreign] })
    expect(answer.headers.get('cache-control')).toBe('no-store')
  })

  it('encodes with the first key, so that what is started in the UI is encrypted too', async () => {
    const { payloads } = (await (await ask('/encode', [PLAIN])).json()) as { payloads: [{ metadata: object }] }
    expect(payloads[0].metadata).toMatchObject({
      encoding: encoded('binary/encrypted'),
      'encryption-key-id': encoded('newer'),
    })
    expect(await (await ask('/decode', payloads)).json()).toEqual({ payloads: [PLAIN] })
  })

  it('names the key that it lacks', async () => {
    const answer = await ask('/decode', [PLAIN, await encryptedWith(`lost:${Buffer.alloc(32, 3).toString('base64')}`)])
    expect(answer.status).toBe(422)
    expect(await answer.text()).toMatch(/encrypted with key lost; this process has keys newer, older\. Add that key/)
  })

  it('answers pages of its Temporal UI and of nobody else', async () => {
    const preflight = (origin: string): Promise<Response> =>
      fetch(`http://${server.address}/decode`, {
        method: 'OPTIONS',
        headers: { origin, 'access-control-request-headers': 'authorization,content-type,x-namespace' },
      })
    const allowed = await preflight(UI)
    expect(allowed.status).toBe(204)
    expect(Object.fromEntries(allowed.headers)).toMatchObject({
      'access-control-allow-origin': UI,
      'access-control-allow-headers': 'authorization, content-type, x-namespace',
      'access-control-allow-credentials': 'true',
    })
    expect((await ask('/decode', [PLAIN], { origin: UI })).headers.get('access-control-allow-origin')).toBe(UI)
    for (const origin of ['https://elsewhere.example', 'null', `${UI}.elsewhere.example`]) {
      expect((await preflight(origin)).headers.has('access-control-allow-origin'), origin).toBe(false)
      const refused = await ask('/decode', [await encryptedWith(NEWER)], { origin })
      expect([refused.status, await refused.text()]).toEqual([403, expect.stringContaining('--origin')])
    }
  })

  it('wants its token, and tells of refusals without quoting what was given', async () => {
    for (const authorization of ['', 'Bearer', 'Bearer wrong-token', TOKEN]) {
      const { status } = await ask('/decode', [await encryptedWith(NEWER)], { authorization })
      expect(status, authorization).toBe(401)
    }
    expect(refusals.at(-1)).toBe(
      'POST /decode: 401, The token of this codec server is wanted, as Authorization: Bearer.',
    )
    expect(refusals.join()).not.toMatch(/wrong-token|that-is-long/)
  })

  it.each([
    ['/decode', 'no JSON', 400],
    ['/decode', '{"payloads":[{"data":7}]}', 400],
    ['/decode', '{"payloads":{}}', 400],
    ['/', '{"payloads":[]}', 404],
    ['/decode', 'x'.repeat(17 * 1024 * 1024), 413],
  ])('refuses at %s what is no list of payloads', async (path, body, status) => {
    const answer = await ask(path, body).catch(() => undefined)
    // Whoever sends too much may hear of it while still sending.
    expect([status, undefined].slice(0, status === 413 ? 2 : 1)).toContain(answer?.status)
  })

  it('serves nobody who could not be told apart', () => {
    const open = (host: string, variables: Readonly<Record<string, string>>): unknown => {
      const environment = environmentWith(variables)
      return openCodecServer(environment, { host, port: 0, origins: [], allowCredentials: false, onRefusal: () => {} })
    }
    expect(() => open('127.0.0.1', {})).toThrow(/no payload key.*RESEGMENT_PAYLOAD_KEYS/)
    const keys = { RESEGMENT_PAYLOAD_KEYS: NEWER }
    for (const host of ['0.0.0.0', '::', '10.0.0.7', 'localhost.acme.example'])
      expect(() => open(host, keys), host).toThrow(/decrypt histories for everybody.*RESEGMENT_CODEC_TOKEN/)
    expect(() => open('0.0.0.0', { ...keys, RESEGMENT_CODEC_TOKEN: 'short' })).toThrow(/has 5 characters/)
  })
})
