import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { NativeConnection } from '@temporalio/worker'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { connectTemporal } from '../../src/client/connect.ts'
import { readConnectionConfig } from '../../src/client/connection-config.ts'
import { readEnvironment, withOverrides } from '../../src/config/environment.ts'
import { installRuntime } from '../../src/workers/runtime-log.ts'
import { followApiKey } from '../../src/workers/follow-api-key.ts'
import { openShop } from '../e2e/shop.ts'
import type { TestProject } from '../e2e/project.ts'
import { useStack } from '../use-stack.ts'
import { type ApiKeyFront, openApiKeyFront } from './api-key-front.ts'
import { certify } from './certificates.ts'

const FIRST = 'first-unmistakable-api-key'
const SECOND = 'second-unmistakable-api-key'
const folder = mkdtempSync(join(tmpdir(), 'resegment-api-key-'))
const secrets = join(folder, 'secrets')

let front: ApiKeyFront
let project: TestProject
/** Leads to the front, and says nothing of TLS but whom to trust. */
let variables: Record<string, string>

beforeAll(async () => {
  const authority = await certify('authority')
  const { overrides, endpoints } = await useStack()
  front = await openApiKeyFront(endpoints.temporal, FIRST, await certify('localhost', authority))
  mkdirSync(secrets)
  writeFileSync(join(folder, 'ca.pem'), authority.crt)
  writeFileSync(join(folder, 'none.toml'), '[profile.default]\n')
  const others = Object.entries(overrides).filter(([name]) => !name.startsWith('TEMPORAL_'))
  variables = {
    ...Object.fromEntries(others),
    TEMPORAL_ADDRESS: front.address,
    TEMPORAL_CONFIG_FILE: join(folder, 'none.toml'),
    TEMPORAL_TLS_SERVER_CA_CERT_PATH: join(folder, 'ca.pem'),
  }
  project = await openShop('apikey', { customers: 40, servers: { ...variables, TEMPORAL_API_KEY: FIRST } })
})
afterAll(async () => {
  await project?.close()
  await front?.close()
})

describe('an API key', () => {
  it('goes with every request of the client and of the worker, behind TLS', async () => {
    await project.startWorker()
    expect((await project.run(['shop', '--as-of', '2026-10-01'])).status).toBe('published')
    expect([...front.seen.keys()]).toEqual([`Bearer ${FIRST}`])
    const ofClient = ['GetSystemInfo', 'StartWorkflowExecution']
    const ofWorker = ['PollWorkflowTaskQueue', 'PollActivityTaskQueue', 'RespondActivityTaskCompleted']
    expect([...front.seen.get(`Bearer ${FIRST}`)!]).toEqual(expect.arrayContaining([...ofClient, ...ofWorker]))
    await project.stopWorkers()
  })

  it('turns TLS on by itself', async () => {
    const { TEMPORAL_TLS_SERVER_CA_CERT_PATH: _, ...bare } = variables
    await expect(connectTemporal({ ...bare, TEMPORAL_API_KEY: FIRST })).rejects.toThrow(
      /TLS to Temporal at localhost:\d+ fails: (unable to verify|self-signed)/,
    )
  })

  it.each([
    ['a file', { RESEGMENT_SECRETS_DIR: secrets }],
    ['a command', { TEMPORAL_API_KEY_COMMAND: `echo ${FIRST}` }],
  ])('may come from %s', async (_, from) => {
    writeFileSync(join(secrets, 'TEMPORAL_API_KEY'), `${FIRST}\n`)
    const environment = withOverrides(readEnvironment(variables), from)
    const access = await connectTemporal(environment.temporalVariables())
    await access.close()
    await using worker = await project.startWorker({ TEMPORAL_API_KEY: '', ...from }).then((started) => ({
      [Symbol.asyncDispose]: () => started.stop(),
    }))
    expect(worker).toBeDefined()
  })

  it.each([
    [
      'a wrong one',
      { TEMPORAL_API_KEY: SECOND },
      /does not let us in, with the API key that it was given\..*TEMPORAL_API_KEY/,
    ],
    ['none', { TEMPORAL_API_KEY: '' }, /does not let us in, and was given no API key\. Check TEMPORAL_API_KEY/],
    [
      'one with a line end',
      { TEMPORAL_API_KEY: `${FIRST}\n` },
      /The API key for Temporal at localhost:\d+ is empty, or has a space/,
    ],
  ])('that is %s is told, and never printed, by command and worker', async (_, wrong, message) => {
    const { code, stdout, stderr } = await project.cli(['run', 'shop', '--as-of', '2027-01-01'], {
      ...wrong,
      RESEGMENT_LOG_LEVEL: 'debug',
    })
    expect(code).not.toBe(0)
    expect(stderr).toMatch(message)
    const refused: unknown = await project.startWorker(wrong).catch((error: unknown) => error)
    expect(String(refused)).toMatch(message)
    expect(`${stdout}${stderr}${String(refused)}${(refused as Error).stack}`).not.toContain('unmistakable')
  })

  const secret = join(secrets, 'TEMPORAL_API_KEY')
  it.each([
    ['its file has another', { RESEGMENT_SECRETS_DIR: secrets }],
    ['its command prints another', { TEMPORAL_API_KEY_COMMAND: `cat '${secret}'` }],
  ])('is replaced in the connection of a worker, once %s', async (_, given) => {
    installRuntime({ level: 'error', destination: 'stderr' })
    writeFileSync(secret, FIRST)
    front.seen.delete(`Bearer ${SECOND}`)
    const environment = withOverrides(readEnvironment(variables), given)
    const { options } = readConnectionConfig(environment.temporalVariables())
    const connection = await NativeConnection.connect(options)
    const stop = followApiKey(environment, connection, options.apiKey, 20)
    try {
      writeFileSync(secret, `${SECOND}\n`)
      front.accepted = SECOND
      await vi.waitFor(() => connection.workflowService.getSystemInfo({}), { timeout: 20_000, interval: 50 })
      expect([...front.seen.get(`Bearer ${SECOND}`)!]).toEqual(['GetSystemInfo'])
    } finally {
      stop()
      front.accepted = FIRST
      await connection.close()
    }
  })

  it('stays what it was while its command fails, which tells nothing of what was printed', async () => {
    installRuntime({ level: 'error', destination: 'stderr' })
    const environment = withOverrides(readEnvironment(variables), {
      TEMPORAL_API_KEY_COMMAND: `echo ${SECOND}; exit 3`,
    })
    await expect(environment.apiKeyOfCommand()).rejects.toThrow(
      'The command of TEMPORAL_API_KEY_COMMAND failed: exit 3.',
    )
    const refused = (await environment.apiKeyOfCommand().catch((error: unknown) => error)) as Error
    expect(`${String(refused)}${refused.stack}${JSON.stringify(refused)}`).not.toContain(SECOND)
    const keys: string[] = []
    const stop = followApiKey(environment, { setApiKey: (key) => Promise.resolve(void keys.push(key)) }, FIRST, 5)
    await new Promise((resolve) => setTimeout(resolve, 200))
    stop()
    expect(keys).toEqual([])
  })
})
