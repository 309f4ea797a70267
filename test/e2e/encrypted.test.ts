import { join, resolve } from 'node:path'
import { execa } from 'execa'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { findServer } from '../../src/adapters/embedded/server-binary.ts'
import { TEMPORAL } from '../../src/adapters/embedded/server-program.ts'
import { connectTemporal, type TemporalAccess } from '../../src/client/connect.ts'
import { readEnvironment } from '../../src/config/environment.ts'
import { searchHistories } from './byte-search.ts'
import type { TestProject } from './project.ts'
import { openShop } from './shop.ts'

const MAIN = resolve(import.meta.dirname, '../../src/cli/main.ts')
const TOKEN = 'token-of-the-codec-server'
const TARGET = 'encrypted'
const RUN_ID = `${TARGET}/shop@2026-10-01~1`
const [OLDER, NEWER] = [
  `older:${Buffer.alloc(32, 1).toString('base64')}`,
  `newer:${Buffer.alloc(32, 2).toString('base64')}`,
]
const withKeys = (...keys: string[]): Record<string, string> => ({ RESEGMENT_PAYLOAD_KEYS: keys.join(',') })

describe('a run whose payloads are encrypted', () => {
  let shop: TestProject
  let access: TemporalAccess

  beforeAll(async () => {
    shop = await openShop(TARGET)
    access = await connectTemporal(shop.variables)
  })
  afterAll(async () => {
    await access.close()
    await shop.close()
  })

  async function succeed(args: readonly string[], ...keys: string[]): Promise<string> {
    const { code, stdout, stderr } = await shop.cli(args, withKeys(...keys))
    if (code !== 0) throw new Error(`exit ${code}\n${stdout}\n${stderr}`)
    return stdout
  }

  it('waits on a worker that lacks its key, which names it; and ends under a newer key when the older one is there', async () => {
    await succeed(['run', 'shop', '--as-of', '2026-10-01', '--detach'], OLDER)

    const rotatedTooSoon = await shop.startWorker(withKeys(NEWER))
    await vi.waitFor(async () => expect(JSON.stringify(await eventsOf(access))).toContain('encrypted with key older'), {
      timeout: 60_000,
      interval: 500,
    })
    await rotatedTooSoon.stop()

    await shop.startWorker(withKeys(NEWER, OLDER))
    await succeed(['run', 'shop', '--as-of', '2026-10-01'], NEWER, OLDER)
    expect(keyIdsOf(await eventsOf(access))).toEqual(['newer', 'older'])
  })

  it('leaves nothing of its definition or results in the history but ids, types and search attributes', async () => {
    expect(await searchHistories(shop.variables, TARGET, 'segmentCustomers')).toEqual([RUN_ID])
    // Of the source, the owner, the description, a feature, the results and the summaries that the UI shows.
    for (const text of [
      'order_lines',
      'growth-data',
      'made-up shop',
      'averageOrderValue',
      'Behaviour segments',
      's3://',
    ])
      expect(await searchHistories(shop.variables, TARGET, text), text).toEqual([])
  })

  it('is replayed by a version that is to come, with its keys', async () => {
    const checked = JSON.parse(await succeed(['replay-check', '--json'], NEWER, OLDER)) as { replayed: number }
    expect(checked).toEqual({ replayed: expect.any(Number) as number, broken: [] })
    expect(checked.replayed).toBeGreaterThan(0)
  })

  it('is not taken for one that the version broke where a key is missing: replay-check names the key', async () => {
    const { code, stdout } = await shop.cli(['replay-check', '--json'], withKeys(NEWER))
    expect(code).toBe(1)
    const message = expect.stringMatching(
      /^This was encrypted with key older; this process has keys newer\. Add that key/,
    )
    expect(JSON.parse(stdout)).toEqual({
      replayed: 1,
      broken: [{ workflowId: RUN_ID, failure: { type: 'PayloadNotReadable', message: message as string } }],
    })
    const told = await shop.cli(['replay-check'], withKeys(NEWER))
    expect(told.stdout).toContain(`${RUN_ID} cannot be read: This was encrypted with key older`)
    expect(told.stdout).toContain('for want of a key')
    expect(told.stdout).not.toContain('on the old workers')
  })

  it('is replayed as the command line of Temporal exports it', async () => {
    const { variables, cacheFolder } = readEnvironment(shop.variables)
    const temporal = await findServer(TEMPORAL, { variables, cacheFolder, signal: undefined, onStep: console.error })
    const show = ['workflow', 'show', '--workflow-id', RUN_ID, '--output', 'json', '--address', access.address]
    const { stdout } = await execa(temporal, show, { env: { TEMPORAL_NAMESPACE: access.namespace } })
    shop.write('exported/run.json', stdout)
    const folder = join(shop.folder, 'exported')
    expect(JSON.parse(await succeed(['replay-check', '--histories', folder, '--json'], NEWER, OLDER))).toEqual({
      replayed: 1,
      broken: [],
    })
  })

  it("is read by Temporal's own command line through the codec server", async () => {
    const { variables, cacheFolder } = readEnvironment(shop.variables)
    const temporal = await findServer(TEMPORAL, { variables, cacheFolder, signal: undefined, onStep: console.error })
    const child = execa(process.execPath, [MAIN, 'codec-server', '--listen', '127.0.0.1:0', '--json'], {
      env: { ...withKeys(NEWER, OLDER), RESEGMENT_CODEC_TOKEN: TOKEN },
      reject: false,
    })
    let printed = ''
    child.stdout.on('data', (chunk) => (printed += String(chunk)))
    try {
      await vi.waitFor(() => expect(printed).toContain('}'), { timeout: 20_000 })
      const { address: at, origins } = JSON.parse(printed) as { address: string; origins: string[] }
      // Whose Temporal UI may ask, nobody said here.
      expect(origins).toEqual([])
      const ask = ['workflow', 'result', '--workflow-id', RUN_ID, '--output', 'json', '--address', access.address]
      const codec = ['--codec-endpoint', `http://${at}`, '--codec-auth']
      const { stdout } = await execa(temporal, [...ask, ...codec, `Bearer ${TOKEN}`])
      expect(JSON.parse(stdout)).toMatchObject({ result: { status: 'published', runKey: 'shop@2026-10-01' } })
      // Not by Temporal's command line, which would try again for a minute.
      const wrong = { method: 'POST', headers: { authorization: 'Bearer another' }, body: '{"payloads":[]}' }
      expect((await fetch(`http://${at}/decode`, wrong)).status).toBe(401)
    } finally {
      child.kill('SIGTERM')
    }
    const { exitCode, stderr } = await child
    expect(exitCode).toBe(128 + 15)
    expect(stderr).toContain('POST /decode: 401')
    expect(stderr).not.toContain(TOKEN)
  })

  it('is read by the commands with the key, and without it they name the key', async () => {
    expect(await succeed(['describe', 'shop@2026-10-01'], NEWER, OLDER)).toContain('published')
    expect(await succeed(['logs', 'shop@2026-10-01'], NEWER, OLDER)).toContain('publish')
    const blind = await shop.cli(['run', 'shop', '--as-of', '2026-10-01'])
    expect(blind.code).not.toBe(0)
    expect(blind.stderr).toMatch(/PayloadNotReadable.*encrypted with key newer; this process has no keys/s)
  })
})

async function eventsOf(access: TemporalAccess): Promise<unknown> {
  for await (const { workflowId, runId } of access.client.workflow.list())
    if (workflowId.includes(TARGET))
      return (await access.client.workflow.getHandle(workflowId, runId).fetchHistory()).events
  throw new Error(`no workflow of ${RUN_ID}`)
}

/** Ids of the keys, wherever a payload is in the history. */
function keyIdsOf(value: unknown): string[] {
  const found = new Set<string>()
  const visit = (one: unknown): void => {
    if (one === null || typeof one !== 'object' || one instanceof Uint8Array) return
    const id = (one as { 'encryption-key-id'?: Uint8Array })['encryption-key-id']
    if (id) found.add(Buffer.from(id).toString())
    for (const inner of Object.values(one)) visit(inner)
  }
  visit(value)
  return [...found].sort()
}
