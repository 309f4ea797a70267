import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { post } from '../../../src/adapters/destinations/webhook/post.ts'
import { makeWebhookChannel } from '../../../src/adapters/notices/webhook.ts'
import { WebhookServer } from '../destinations/webhook-server.ts'
import { heldNotice } from './notice.ts'

let receiver: WebhookServer
beforeAll(async () => {
  receiver = await WebhookServer.open()
})
afterAll(() => receiver.close())
beforeEach(() => {
  Object.assign(receiver, { reactions: [], always: 'take' })
  receiver.arrived.length = 0
})

const send = (options: object = {}, notice = heldNotice): Promise<void> =>
  makeWebhookChannel({ url: receiver.url, allowHttp: true, allowPrivate: true, post, ...options }).send(
    notice,
    AbortSignal.timeout(60_000),
  )

describe('the webhook', () => {
  it('is posted a message as Slack documents it: text, and blocks within their limits', async () => {
    await send()
    const [{ headers, text, key }] = receiver.arrived as [(typeof receiver.arrived)[0]]
    expect(headers['content-type']).toMatch(/^application\/json/)
    expect(key).toBe(heldNotice.key)
    // By hand, from docs.slack.dev: "Incoming webhooks", "Header block", "Section block", "Context block", "Formatting text".
    expect(JSON.parse(text)).toEqual({
      text: '[prod] shop@2026-10-01~1 waits for a decision\nmembershipChurn: 40.0 %, hold: above 35 %.',
      blocks: [
        {
          type: 'header',
          text: {
            type: 'plain_text',
            text: ':raised_hand: [prod] shop@2026-10-01~1 waits for a decision',
            emoji: true,
          },
        },
        {
          type: 'section',
          text: {
            type: 'mrkdwn',
            text: 'membershipChurn: 40.0 %, hold: above 35 %.\nMost go from “Lapsed &amp; &lt;lost&gt;” to “Champions”: 36.',
          },
        },
        {
          type: 'section',
          text: {
            type: 'mrkdwn',
            text: '• Publish it:\n```resegment approve shop@2026-10-01~1 --target prod --reason "…"```\n• Or in the Temporal UI.',
          },
        },
        {
          type: 'section',
          text: {
            type: 'mrkdwn',
            text: '<https://temporal.example/namespaces/default/workflows/a%2Fb/c|The run in the Temporal UI>\nComparison: `s3://bucket/page.html`',
          },
        },
        {
          type: 'context',
          elements: [
            {
              type: 'mrkdwn',
              text: 'Contact: growth-data, #growth-data  ·  Runbook: <https://wiki.example/segments|runbook>  ·  Run: `shop@2026-10-01~1`  ·  Target: prod',
            },
          ],
        },
      ],
    })
  })

  it('is never posted more than Slack takes: 150 characters in a header, 3,000 in a section', async () => {
    await send({}, { ...heldNotice, subject: 'a'.repeat(400), sentences: Array<string>(60).fill('<'.repeat(100)) })
    const { blocks } = JSON.parse(receiver.arrived[0]!.text) as { blocks: { text?: { text: string } }[] }
    expect(blocks.map(({ text }) => text?.text.length ?? 0).slice(0, 2)).toEqual([150, 3_000])
  })

  it.each([
    [
      { status: 429, headers: { 'retry-after': '7' } },
      { retry: 'try-again', retryAfterMs: 7_000 },
    ],
    [{ status: 500 }, { retry: 'try-again', retryAfterMs: undefined }],
    ['drop', { retry: 'try-again' }],
    [
      { status: 404 },
      { retry: 'give-up', what: expect.stringMatching(/status 404: there is no such webhook any more/) as string },
    ],
    [{ status: 403 }, { retry: 'give-up' }],
    [{ status: 302, headers: { location: 'http://elsewhere.example' } }, { retry: 'give-up' }],
  ] as const)('that answers %j is tried again, in the time it asks for, or never', async (reaction, expected) => {
    receiver.reactions = [reaction]
    await expect(send()).rejects.toMatchObject(expected)
    expect(receiver.arrived).toHaveLength(1)
  })

  it('is not posted to in the clear or in a private network, unless that is meant', async () => {
    await expect(send({ allowHttp: false })).rejects.toMatchObject({ type: 'ConfigInvalid' })
    await expect(send({ allowPrivate: false })).rejects.toMatchObject({
      type: 'NoticeRefused',
      remedy: expect.stringMatching(/allowPrivate/) as string,
    })
    expect(receiver.arrived).toEqual([])
  })

  it('is never quoted: its address may be a secret', async () => {
    receiver.reactions = [{ status: 404 }]
    const url = `${receiver.url}/unmistakable-token`
    await expect(send({ url })).rejects.toThrow(expect.not.stringMatching(/unmistakable/) as Error)
    await expect(send({ url: 'unmistakable token' })).rejects.toThrow(/^The address of the webhook is no URL/)
  })
})
