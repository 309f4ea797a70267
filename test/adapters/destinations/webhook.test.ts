import { createHmac, timingSafeEqual } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { isPrivateAddress } from '../../../src/adapters/destinations/webhook/private-address.ts'
import { signDelivery } from '../../../src/adapters/destinations/webhook/sign-delivery.ts'
import { makeWebhook, type WebhookOptions } from '../../../src/adapters/destinations/webhook/webhook.ts'
import type { ActivationDestination, Delivery } from '../../../src/ports/activation.ts'
import { describeDestination } from './destination.contract.ts'
import { WebhookServer } from './webhook-server.ts'

const KEY = 's3cret-signing-key'
const local = {
  signingKey: KEY,
  batchSize: 500,
  ratePerSecond: 1_000,
  timeoutSeconds: 5,
  allowHttp: true,
  allowPrivate: true,
}

describeDestination('webhook', async () => {
  const server = await WebhookServer.open()
  return {
    destination: makeWebhook({ ...local, url: `${server.url}?token=s3cret` }),
    members: () => Promise.resolve(server.members),
    breakOff: async (isBroken) => {
      server.always = isBroken ? 'take-then-drop' : 'take'
    },
    refuse: async () => {
      server.always = { status: 401 }
    },
    close: () => server.close(),
  }
})

const delivery: Delivery = {
  ...{ key: 'key-1', pipeline: 'shop', destination: 'crm', runKey: 'shop@2026-10-01', revision: 2 },
  ...{ asOf: '2026-10-01T00:00:00.000Z', number: 1, count: 3, isFull: false },
  segments: [{ segmentKey: 'shop-1', name: 'Champions' }],
  effects: () => [
    { id: 'e1', event: 'moved', customerId: 'c1', fromSegmentKey: 'shop-2', toSegmentKey: 'shop-1', channel: 'mail' },
  ],
}

describe('a webhook', () => {
  let server: WebhookServer
  const opened: ActivationDestination[] = []
  beforeEach(async () => {
    server = await WebhookServer.open()
  })
  afterEach(async () => {
    for (const one of opened.splice(0)) await one.close()
    await server.close()
  })

  const open = (options: Partial<WebhookOptions> = {}): ActivationDestination => {
    const webhook = makeWebhook({ ...local, url: server.url, ...options })
    opened.push(webhook)
    return webhook
  }
  const send = (options: Partial<WebhookOptions> = {}): Promise<void> =>
    open(options).deliver(delivery, { signal: new AbortController().signal, scratchPath: '' })

  it('sends ids and segment keys, and nothing else that is known of a customer', async () => {
    await send()
    expect(server.taken[0]!.body).toEqual({
      ...{ version: 1, id: 'key-1', pipeline: 'shop', run: 'shop@2026-10-01~2', destination: 'crm' },
      ...{ as_of: '2026-10-01T00:00:00.000Z', kind: 'changes', batch: 1, batches: 3 },
      events: [{ id: 'e1', event: 'moved', customer_id: 'c1', from_segment_key: 'shop-2', to_segment_key: 'shop-1' }],
    })
  })

  it('signs as the Standard Webhooks specification does', () => {
    // Key, message and signature of the example in the specification's own reference libraries.
    const body = '{"test": 2432232314}'
    const id = 'msg_p5jXN8AQM9LWM0D4loKWxJek'
    expect(signDelivery({ id, timestamp: 1614265330, body }, 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw')).toBe(
      'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
    )
  })

  it('is verified by its receiver over time, key and text', async () => {
    await send()
    const { headers, text } = server.taken[0]!
    const signed = `${headers['webhook-id'] as string}.${headers['webhook-timestamp'] as string}.${text}`
    const wanted = Buffer.from(`v1,${createHmac('sha256', KEY).update(signed).digest('base64')}`)
    expect(timingSafeEqual(wanted, Buffer.from(headers['webhook-signature'] as string))).toBe(true)
    expect(Math.abs(Date.now() / 1000 - Number(headers['webhook-timestamp']))).toBeLessThan(60)
    expect(headers['idempotency-key']).toBe('key-1')
  })

  it.each([
    [{ status: 429, headers: { 'retry-after': '7' } }, 7_000],
    [{ status: 503, headers: { 'retry-after': new Date(Date.now() + 3_600_000).toUTCString() } }, 3_600_000],
    [{ status: 500 }, undefined],
    [{ status: 429, headers: { 'retry-after': 'soon' } }, undefined],
  ] as const)('is tried again after %j when it asks for that', async (reaction, waitMs) => {
    server.reactions = [reaction]
    const error = await send().catch((thrown: unknown) => thrown as { type: string; retryAfterMs?: number })
    expect(error).toMatchObject({ type: 'DestinationUnavailable' })
    if (waitMs === undefined) expect(error!.retryAfterMs).toBeUndefined()
    // A date is in whole seconds.
    else expect(Math.abs(error!.retryAfterMs! - waitMs)).toBeLessThan(700_000)
  })

  it('is tried again when it does not answer in time', async () => {
    server.reactions = ['hang']
    await expect(send({ timeoutSeconds: 1 })).rejects.toMatchObject({
      type: 'DestinationUnavailable',
      message: expect.stringContaining('did not answer within 1 seconds') as string,
    })
  })

  it('refuses a batch without refusing the others, where the events are the trouble', async () => {
    for (const [status, scope] of [
      [422, 'batch'],
      [413, 'batch'],
      [403, 'all'],
      [404, 'all'],
    ] as const) {
      server.reactions = [{ status }]
      await expect(send()).rejects.toMatchObject({ type: 'DestinationRefused', scope })
    }
  })

  it('follows no redirect', async () => {
    const elsewhere = await WebhookServer.open()
    server.reactions = [{ status: 307, headers: { location: elsewhere.url } }]
    await expect(send()).rejects.toThrow(/redirects are not followed/)
    expect(elsewhere.arrived).toEqual([])
    await elsewhere.close()
  })

  it('sends no faster than it may', async () => {
    const webhook = open({ ratePerSecond: 10 })
    const begun = performance.now()
    for (let n = 0; n < 4; n++)
      await webhook.deliver(delivery, { signal: new AbortController().signal, scratchPath: '' })
    // The fourth waits for three tenths of a second.
    expect(performance.now() - begun).toBeGreaterThan(290)
  })

  it('wants https, and says no address that may be a secret', () => {
    expect(() => open({ allowHttp: false })).toThrow(/http:\/\/ address/)
    expect(() => open({ url: 'file:///s3cret' })).toThrow(/^(?!.*s3cret).*no URL/)
    expect(() => open({ url: 's3cret' })).toThrow(/^(?!.*s3cret).*no URL/)
  })

  it('sends nothing into the private network unless that is allowed', async () => {
    const port = new URL(server.url).port
    for (const host of ['127.0.0.1', 'localhost', '0x7f.1', '2130706433', '[::1]', '[::ffff:127.0.0.1]'])
      await expect(send({ allowPrivate: false, url: `http://${host}:${port}/` })).rejects.toMatchObject({
        type: 'DestinationRefused',
        message: expect.stringContaining('private network') as string,
      })
    expect(server.arrived).toEqual([])
  })

  it('tells private addresses from public ones', () => {
    // By the registries of special-purpose addresses of IANA.
    const hidden =
      '10.1.2.3 172.31.255.255 192.168.0.1 127.0.0.1 169.254.169.254 100.64.0.1 0.0.0.0 255.255.255.255 224.0.0.1'
    const hidden6 = '::1 :: fe80::1 fd00:ec2::254 ::ffff:10.0.0.1 64:ff9b::a00:1 2002:a00:1:: ff02::1'
    for (const address of `${hidden} ${hidden6}`.split(' '))
      expect([address, isPrivateAddress(address)]).toEqual([address, true])
    for (const address of '8.8.8.8 172.32.0.1 100.128.0.1 2606:4700::1111 2a00:1450:4001::1'.split(' '))
      expect([address, isPrivateAddress(address)]).toEqual([address, false])
  })
})
