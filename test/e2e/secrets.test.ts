import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { connectTemporal, type TemporalAccess } from '../../src/client/connect.ts'
import { isScheduleOf } from '../../src/plan/target-names.ts'
import type { WebhookServer } from '../adapters/destinations/webhook-server.ts'
import type { MailServer } from '../adapters/notices/mail-server.ts'
import { storedBy } from './byte-search.ts'
import { freePort } from './free-port.ts'
import { SECRETS, secretsIn, textOfFiles, textOfHistories } from './planted-secrets.ts'
import type { TestProject } from './project.ts'
import { SecretsProject } from './secrets-project.ts'

const TARGET = 'secrets'

/** Everything that people and programs get to see, with a word that shows that it was looked at. */
const OUTPUTS = {
  'histories in clear': 'segmentCustomers',
  'histories under a payload key': 'encryption-key-id',
  'artifacts, published files and reports': 'shop@2026-07-01',
  'logs of the servers': 'resegment',
  'tables of the warehouse, plans and definitions among them': 'WAREHOUSE_URL',
  'rows that destinations have': 'shop-1',
  'notices by webhook, mail and command': 'is published',
  'log of the worker': 'publishSegmentation',
  'metrics and health': 'resegment_newest_run_status',
  'commands, as text': 'is published',
  'commands, as JSON': '"workflowId"',
  doctor: 'warehouse',
  'failures of commands, with their causes': 'PermissionDenied',
  'histories of failed runs': 'PermissionDenied',
  'log of the worker whose runs failed': 'PermissionDenied',
  'what workers say that do not start': 'ConfigInvalid',
} as const

const COMMANDS: readonly (readonly string[])[] = [
  ['check'],
  ['check', '--connect'],
  ['deploy', '--yes'],
  ['runs'],
  ['describe', 'shop@2026-07-01'],
  ['logs', 'shop@2026-07-01'],
  ['compare', 'shop@2026-07-01'],
  ['report', 'shop@2026-07-01'],
  ['segments', 'shop'],
  ['schedule', 'list'],
  ['sync', 'shop@2026-07-01'],
  ['notify', '--test'],
  ['privacy'],
  ['consumers', '--dbt'],
  ['endpoints'],
  ['scorecard'],
  ['verify', 'shop@2026-07-01'],
  ['replay-check'],
]

const DEBUG = { RESEGMENT_LOG_LEVEL: 'debug' }

type Variables = Readonly<Record<string, string>>

describe('secrets', { timeout: 180_000 }, () => {
  const seen = Object.fromEntries(Object.keys(OUTPUTS).map((output) => [output, ''])) as Record<
    keyof typeof OUTPUTS,
    string
  >
  let secrets: SecretsProject
  let project: TestProject
  let access: TemporalAccess
  let chat: WebhookServer
  let crm: WebhookServer
  let mail: MailServer

  beforeAll(async () => {
    secrets = await SecretsProject.open(TARGET)
    ;({ project, chat, crm, mail } = secrets)
    access = await connectTemporal(project.variables)
    await project.migrate()
  })
  afterAll(async () => {
    for await (const { scheduleId } of access?.client.schedule.list() ?? [])
      if (isScheduleOf(TARGET, scheduleId)) await access.client.schedule.getHandle(scheduleId).delete()
    await access?.close()
    await secrets?.close()
  })

  it('let in whoever has them', useRight)

  it('let nobody in when they are wrong', async () => {
    await useWrong()
    seen['logs of the servers'] = await textOfFiles([join(inject('stateFolder'), 'logs')])
  })

  it.each(Object.entries(OUTPUTS) as [keyof typeof OUTPUTS, string][])('are in none of: %s', (output, word) => {
    // Not toContain, which prints all of it.
    expect(seen[output].includes(word), `${output}: ${seen[output].length} characters without ${word}`).toBe(true)
    expect(secretsIn(seen[output], { 'secret key of the S3 server': secrets.keyOfS3 })).toEqual([])
  })

  /** All secrets are right: a run with everything that a project may have, and every command that looks at it. */
  async function useRight(): Promise<void> {
    const [metrics, health] = [await freePort(), await freePort()]
    const observed = ['--metrics', `${metrics}`, '--health', `127.0.0.1:${health}`]
    const worker = await project.startWorkerProcess(DEBUG, observed)
    seen['commands, as text'] += await told(['run', 'shop', '--as-of', '2026-07-01'])
    await expect.poll(() => [chat.taken.length, mail.mails.length, crm.taken.length > 0], WAIT).toEqual([1, 1, true])
    for (const command of COMMANDS) {
      const [text, json] = await Promise.all([told(command), told([...command, '--json'])])
      seen['commands, as text'] += text
      seen['commands, as JSON'] += json
    }
    seen.doctor = (await told(['doctor'])) + (await told(['doctor', '--json']))
    const ask = async (port: number, path: string): Promise<string> =>
      (await fetch(`http://127.0.0.1:${port}${path}`)).text()
    await expect.poll(() => ask(metrics, '/metrics'), WAIT).toContain(OUTPUTS['metrics and health'])
    seen['metrics and health'] =
      (await ask(metrics, '/metrics')) + (await ask(health, '/healthz')) + (await ask(health, '/readyz'))
    seen['histories in clear'] = await textOfHistories(access, TARGET)
    await worker.stop()
    seen['log of the worker'] = worker.output()

    writeFileSync(join(project.folder, 'keys'), `one:${SECRETS['payload key']}`)
    const encrypted = { RESEGMENT_PAYLOAD_KEYS_COMMAND: `cat ${project.folder}/keys` }
    const second = await project.startWorker(encrypted)
    seen['commands, as text'] += await told(['run', 'shop', '--as-of', '2026-10-01'], encrypted)
    await second.stop()
    seen['histories under a payload key'] = await textOfHistories(access, TARGET)
    seen['notices by webhook, mail and command'] =
      chat.arrived.map(({ text }) => text).join('\n') +
      mail.mails.map(({ text }) => text).join('\n') +
      project.read('told')
    seen['rows that destinations have'] = crm.arrived
      .map(({ text, headers }) => text + JSON.stringify(headers))
      .join('\n')
    seen['tables of the warehouse, plans and definitions among them'] = await secrets.textOfTables()
    seen['artifacts, published files and reports'] = await textOfFiles(
      storedBy(inject('stateFolder'), TARGET).slice(0, 2),
    )
  }

  /** One secret after the other is wrong, or no such thing at all. */
  async function useWrong(): Promise<void> {
    const malformed = (value: string): string => `postgres://user:${value}@127.0.0.1:no-port/shop`
    const wrong: readonly Variables[] = [
      { WAREHOUSE_URL: secrets.urlFor('warehouse', `${SECRETS['password of the warehouse']}-2`) },
      { WAREHOUSE_URL: malformed(SECRETS['password of the warehouse']) },
      { SHOP_URL: secrets.urlFor('source', `${SECRETS['password of a source']}-2`) },
      { SHOP_URL: malformed(SECRETS['password of a source']) },
      { AWS_SECRET_ACCESS_KEY: SECRETS['secret key of S3'] },
      { RESEGMENT_PSEUDONYM_KEY: SECRETS['key of pseudonyms'].slice(0, 30) },
      { RESEGMENT_PSEUDONYM_KEY: `${SECRETS['key of pseudonyms']}-2` },
    ]
    for (const [index, variables] of wrong.entries()) {
      const commands = [['doctor'], ['check', '--connect'], ['migrate'], ['runs', '--json'], ['export', 'c1', '--json']]
      const failures = await Promise.all(commands.map((command) => failing(command, variables)))
      seen['failures of commands, with their causes'] += failures.join('\n')
      const worker = await project.startWorkerProcess({ ...variables, ...DEBUG })
      const asOf = `2026-10-0${index + 2}`
      await told(['run', 'shop', '--as-of', asOf, '--detach'])
      await expect.poll(() => told(['describe', `shop@${asOf}`]), WAIT).toMatch(/failed|attempt 2/i)
      await project.cli(['cancel', `shop@${asOf}`])
      await worker.stop()
      seen['log of the worker whose runs failed'] += worker.output()
    }
    // Channels and destinations that let nobody in, and addresses that are none.
    const outside: readonly Variables[] = [
      { SMTP_URL: `smtp://user:${SECRETS['password of the mail server']}-2@127.0.0.1:${mail.port}` },
      { SMTP_URL: `smtp://user:${SECRETS['password of the mail server']}@127.0.0.1:no-port` },
      { CHAT_URL: `http://127.0.0.1:no-port/?token=${SECRETS['token in the address of a channel']}` },
      { CHAT_URL: `http://127.0.0.1:1/?token=${SECRETS['token in the address of a channel']}` },
    ]
    for (const variables of outside)
      seen['failures of commands, with their causes'] +=
        (await failing(['notify', '--test'], variables)) + (await failing(['notify', '--test', '--json'], variables))
    chat.always = { status: 404 }
    crm.always = { status: 410 }
    const refused = await project.startWorkerProcess({ ...outside[0]!, ...DEBUG })
    await told(['run', 'shop', '--as-of', '2027-01-01'])
    seen['failures of commands, with their causes'] += await failing(['sync', 'shop@2027-01-01'], {})
    await refused.stop()
    seen['log of the worker whose runs failed'] += refused.output()
    seen['histories of failed runs'] = await textOfHistories(access, TARGET)

    const keys: readonly Variables[] = [
      { RESEGMENT_PAYLOAD_KEYS: SECRETS['payload key'] },
      { RESEGMENT_PAYLOAD_KEYS: `one:${SECRETS['payload key'].slice(4)}` },
      { RESEGMENT_PAYLOAD_KEYS_COMMAND: `cat ${project.folder}/keys; exit 3` },
    ]
    for (const variables of keys) {
      seen['what workers say that do not start'] += await failing(['worker'], variables)
    }
  }

  const WAIT = { timeout: 60_000, interval: 200 }

  /** @throws when it does not end well, or as a command that found something */
  async function told(args: readonly string[], variables: Variables = {}): Promise<string> {
    const { code, stdout, stderr } = await project.cli(args, variables)
    expect([0, 1], `${args.join(' ')}\n${stdout}\n${stderr}`).toContain(code)
    return stdout + stderr
  }

  async function failing(args: readonly string[], variables: Variables): Promise<string> {
    const { stdout, stderr } = await project.cli(args, { ...variables, ...DEBUG })
    return stdout + stderr
  }
})
