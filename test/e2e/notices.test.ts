import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { connectTemporal, type TemporalAccess } from '../../src/client/connect.ts'
import type { Notice } from '../../src/run/notice.ts'
import { WebhookServer } from '../adapters/destinations/webhook-server.ts'
import { MailServer } from '../adapters/notices/mail-server.ts'
import type { TestProject } from './project.ts'
import { openShop } from './shop.ts'

const TOKEN = 'unmistakable-token'
const PASSWORD = 'right'
const USER = 'unmistakable-user'

describe('people', () => {
  let project: TestProject
  let chat: WebhookServer
  let mail: MailServer
  let access: TemporalAccess
  beforeAll(async () => {
    chat = await WebhookServer.open()
    mail = await MailServer.open()
    project = await openShop('notices')
    Object.assign(project.variables, {
      CHAT_URL: `${chat.url}?token=${TOKEN}`,
      SMTP_URL: `smtp://${USER}:${PASSWORD}@127.0.0.1:${mail.port}`,
    })
    const all = 'on: [failed, held, reminded, published, rejected, superseded]'
    project.write(
      'resegment.yaml',
      `${project.read('resegment.yaml')}notify:
  - { webhook: { secret: CHAT_URL }, allowHttp: true, allowPrivate: true, ${all} }
  - { email: { smtp: { secret: SMTP_URL }, from: segments@acme.example, to: [ada@acme.example], allowPlain: true } }
  - { command: [sh, -c, 'cat >> ${project.folder}/told.jsonl'], ${all} }
`,
    )
    access = await connectTemporal(project.variables)
  })
  afterAll(async () => {
    await access.close()
    await project.close()
    await chat.close()
    await mail.close()
  })

  /** What the command was told, in the order in which it was. */
  const told = (): readonly Notice[] => {
    try {
      return project
        .read('told.jsonl')
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as Notice)
    } catch {
      return []
    }
  }
  const kinds = (): readonly string[] => told().map(({ kind }) => kind)
  const workflows = async (): Promise<readonly { readonly workflowId: string; readonly type: string }[]> => {
    const found = []
    for await (const one of access.client.workflow.list({ query: "TaskQueue = 'resegment-notices-workflow'" }))
      found.push(one)
    return found
  }

  it('are told once of a run that was published, by a worker that died when it had told them, and after a reset', async () => {
    const dying = await project.startWorkerProcess({ RESEGMENT_FAULT: 'announce:started:kill' })
    const running = project.run(['shop', '--as-of', '2026-07-01'])
    await dying.exited
    await project.startWorker()
    expect((await running).status).toBe('published')
    await expect.poll(kinds, { timeout: 120_000 }).toEqual(['published'])
    const [notice] = told() as [Notice]
    expect(notice).toMatchObject({ run: 'shop@2026-07-01~1', contact: 'growth-data, #growth-data' })
    expect(notice.sentences).toHaveLength(5)
    expect(notice.links[0]!.address).toMatch(
      /^http:\/\/127\.0\.0\.1:\d+\/namespaces\/default\/workflows\/notices%2Fshop%402026-07-01~1\/./,
    )
    await expect.poll(() => chat.taken.map(({ key }) => key)).toEqual([notice.key])
    expect((JSON.parse(chat.taken[0]!.text) as { text: string }).text).toContain('shop@2026-07-01~1 is published')

    const again = await project.cli(['retry', 'shop@2026-07-01', '--from', 'publish', '--reason', 'Once more.'])
    expect(again.code, again.stderr).toBe(0)
    const ended = async (): Promise<string> =>
      (await access.client.workflow.getHandle('notices/shop@2026-07-01~1').describe()).status.name
    await expect.poll(ended, { timeout: 120_000 }).toBe('COMPLETED')
    expect((await workflows()).filter(({ type }) => type === 'sendNotices')).toHaveLength(1)
    expect(kinds()).toEqual(['published'])
  })

  it('are told of a failure when the warehouse lets nobody in, those whose channel works when another refuses', async () => {
    await project.stopWorkers()
    const warehouse = new URL(project.variables.WAREHOUSE_URL!)
    warehouse.password = 'wrong'
    chat.always = { status: 404 }
    await project.startWorker({ WAREHOUSE_URL: warehouse.href })
    await project.run(['shop', '--as-of', '2026-10-01'], 1)
    await expect.poll(kinds, { timeout: 120_000 }).toEqual(['published', 'failed'])
    const { sentences, steps } = told().at(-1)!
    expect(sentences[0]).toMatch(/^Stage plan failed \(\w+\): /)
    expect(steps[0]!.text).toMatch(/Reset to event \d+/)
    await expect.poll(() => mail.mails.length, { timeout: 120_000 }).toBe(1)
    expect(mail.mails[0]!.to).toEqual(['ada@acme.example'])
    const failed = async (): Promise<readonly string[]> => {
      const { workflow } = access.client
      const ids = (await workflows()).filter(({ workflowId }) => workflowId.includes('/failed/'))
      return Promise.all(
        ids.map(({ workflowId }) =>
          workflow
            .getHandle(workflowId)
            .result()
            .then(String, (error: Error) => String((error.cause as Error).message)),
        ),
      )
    }
    expect(await failed()).toEqual([
      expect.stringMatching(
        /^Channel 1 \(webhook\): .*status 404: there is no such webhook any more.*\n2 other channels took the notice\.$/,
      ),
    ])
  })

  it('try their channels with a command, and hear what happened with each', async () => {
    const tried = await project.cli(['notify', '--test'])
    expect(tried.code).toBe(1)
    expect(tried.stderr).toMatch(/^Channel 1 \(webhook\): .*404.*\(NoticeRefused\)$/m)
    expect(tried.stdout).toBe('Channel 2 (email): sent.\nChannel 3 (command): sent.\n')
    expect(kinds().at(-1)).toBe('test')
    const alone = await project.cli(['notify', '--test', '--channel', '3', '--json'])
    expect(JSON.parse(alone.stdout)).toEqual({ channels: [{ channel: 3, way: 'command', failure: null }] })
    expect((await project.cli(['notify', '--test', '--channel', '4'])).code).toBe(2)
  })

  it('find no secret and no customer in any history', async () => {
    const [{ customer_id: customer } = { customer_id: '' }] = await project.sql<{ customer_id: string }>(
      'select customer_id from customer_segments limit 1',
    )
    const found = await workflows()
    expect(new Set(found.map(({ type }) => type))).toEqual(new Set(['segmentCustomers', 'sendNotices']))
    for (const { workflowId } of found) {
      const text = JSON.stringify(
        await access.client.workflow.getHandle(workflowId).fetchHistory(),
        (_key, value: unknown) => (value instanceof Uint8Array ? Buffer.from(value).toString() : value),
      )
      for (const secret of [TOKEN, USER, customer]) expect(text).not.toContain(secret)
    }
  })
})
