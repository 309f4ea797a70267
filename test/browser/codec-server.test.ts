import { afterAll, describe, expect, it } from 'vitest'
import { connectTemporal } from '../../src/client/connect.ts'
import { readEnvironment, withOverrides } from '../../src/config/environment.ts'
import { openCodecServer } from '../../src/wiring/codec-server.ts'
import { payloadCodecsOf } from '../../src/wiring/payload-codecs.ts'
import { WORKFLOW_TYPE } from '../../src/workflows/messages.ts'
import { useStack } from '../use-stack.ts'
import { openBrowser, withPage } from './browser.ts'
import { TemporalUi } from './temporal-ui.ts'

const browser = await openBrowser()
const { temporalUi } = browser ? (await useStack()).endpoints : {}
afterAll(() => browser?.close())

const KEYS = [2, 1].map((byte) => `key${byte}:${Buffer.alloc(32, byte).toString('base64')}`)

describe.skipIf(!browser || !temporalUi)('the Temporal UI with our codec server', () => {
  it('shows the input of an encrypted run, and encrypts what is started like it', async () => {
    const { overrides } = await useStack()
    const environmentOf = (keys: readonly string[]) =>
      withOverrides(readEnvironment(overrides), { RESEGMENT_PAYLOAD_KEYS: keys.join() })
    // Under the older key, before the rotation. No worker has to serve it: the input is there.
    const access = await connectTemporal(overrides, payloadCodecsOf(environmentOf(KEYS.slice(1))))
    const server = await openCodecServer(environmentOf(KEYS), {
      ...{ host: '127.0.0.1', port: 0, allowCredentials: false, onRefusal: () => {} },
      origins: [temporalUi!],
    })
    const [first, again] = ['codec-server/first', 'codec-server/again']
    try {
      const input = { revision: 1, definition: { owner: 'readable-words' } }
      await access.client.workflow.start(WORKFLOW_TYPE, { workflowId: first, taskQueue: 'codec-server', args: [input] })
      await withPage(browser!, { viewport: { width: 1400, height: 760 } }, async (page) => {
        // As its form for the codec server keeps it.
        await page.addInitScript((endpoint) => {
          localStorage.setItem('endpoint', JSON.stringify(endpoint))
          localStorage.setItem('overrideRemoteCodecConfiguration', 'true')
        }, `http://${server.address}`)
        const ui = new TemporalUi(page, temporalUi!)
        await ui.openRun(first)
        await ui.containing('readable-words').waitFor()
        await ui.moreActions('Start Workflow Like This One')
        await ui.editLine(/"revision": 1/, '"revision": "next",')
        await ui.field('workflowId').fill(again)
        await ui.button('Start Workflow').press('Enter')
        await expect.poll(() => inputOf(again), { timeout: 60_000 }).toBeDefined()
      })
      const { metadata, data } = (await inputOf(again))!
      expect(Buffer.from(metadata!['encryption-key-id']!).toString()).toBe('key2')
      const [decoded] = await payloadCodecsOf(environmentOf(KEYS))[0]!.decode([{ metadata: metadata!, data: data! }])
      expect(JSON.parse(Buffer.from(decoded!.data!).toString())).toEqual({ ...input, revision: 'next' })
    } finally {
      for (const workflowId of [first, again])
        await access.client.workflow
          .getHandle(workflowId)
          .terminate()
          .catch(() => undefined)
      await server.close()
      await access.close()
    }

    async function inputOf(workflowId: string) {
      const history = await access.client.workflow
        .getHandle(workflowId)
        .fetchHistory()
        .catch(() => undefined)
      return history?.events?.[0]?.workflowExecutionStartedEventAttributes?.input?.payloads?.[0]
    }
  })
})
