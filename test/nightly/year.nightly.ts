import { createHash } from 'node:crypto'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { gunzipSync, gzipSync } from 'node:zlib'
import { GetObjectCommand } from '@aws-sdk/client-s3'
import { DuckDBInstance } from '@duckdb/node-api'
import { clearLockedPorts } from 'get-port'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { removeOutsideFolder } from '../../src/adapters/embedded/postgres-files.ts'
import { type ServerKind, stopServer } from '../../src/adapters/embedded/running-server.ts'
import { readStackRecord } from '../../src/adapters/embedded/state-folder.ts'
import { connectTemporal, type TemporalAccess } from '../../src/client/connect.ts'
import { readRun, type RunView } from '../../src/client/read-run.ts'
import { readEnvironment } from '../../src/config/environment.ts'
import { stopServers } from '../../src/wiring/stack-users.ts'
import { startStack, type Stack } from '../../src/wiring/stack.ts'
import { openBrowser, takePicture, withPage } from '../browser/browser.ts'
import { decideInUi, seen, workflowPage } from '../browser/decide-in-ui.ts'
import type { TestProject } from '../e2e/project.ts'
import { publishedContent, s3Of } from '../e2e/published-content.ts'
import { openShop } from '../e2e/shop.ts'
import { noServersGiven } from '../no-servers-given.ts'

/** When the schedule starts the run of each quarter: six o'clock in Berlin on the day after it. */
const STARTS = ['2025-04-01T04:00:00Z', '2025-07-01T04:00:00Z', '2025-10-01T04:00:00Z', '2026-01-01T05:00:00Z'] as const
/** Ends what hangs, and is no measure of speed. */
const PATIENCE_MS = 600_000
const DECISION = { reason: 'Looked at it.', by: 'ada' }

const browser = await openBrowser()
afterAll(() => browser?.close())

describe.skipIf(!browser)('a year that a schedule starts', () => {
  let stateFolder: string
  let stack: Stack
  let access: TemporalAccess
  let calm: TestProject
  let rough: TestProject
  const start = (): Promise<Stack> => {
    // Otherwise the process that took a port takes another one the next time, and what was restarted is somewhere else.
    clearLockedPorts()
    return startStack({ stateFolder, environment: readEnvironment(noServersGiven) })
  }
  const open = (target: string): Promise<TestProject> =>
    openShop(target, {
      customers: 300,
      servers: stack.overrides,
      // Every quarter that is compared is held; one in which half of the customers are missing fails.
      pipeline: { validate: '{ membershipChurn: { hold: { above: 0 } }, coverage: { fail: { below: 0.7 } } }' },
    })

  beforeAll(async () => {
    stateFolder = join(await mkdtemp(join(tmpdir(), 'resegment-year-')), 'state')
    stack = await start()
    access = await connectTemporal(stack.overrides)
    calm = await open('calm')
    rough = await open('rough')
    for (const project of [calm, rough]) await project.cli(['deploy', '--yes', '--by', 'ann'])
  })
  afterAll(async () => {
    await rough?.close()
    await calm?.close()
    await access?.close()
    // Each start was a use of its own: the end of one leaves the servers up for the others.
    await stopServers(stateFolder)
    await removeOutsideFolder(stateFolder)
    await rm(join(stateFolder, '..'), { recursive: true, force: true })
  })

  /** As if it were that day: the server takes the start for one at its scheduled time. @returns the Workflow Id */
  async function startQuarter({ target }: TestProject, at: string): Promise<string> {
    const scheduleId = `resegment-${target}-shop`
    const [from, to] = [Date.parse(at) - 60_000, Date.parse(at) + 60_000].map((ms) => new Date(ms))
    await access.client.schedule.getHandle(scheduleId).backfill({ start: from!, end: to!, overlap: 'ALLOW_ALL' })
    return `${scheduleId}-${at}`
  }

  async function until(workflowId: string, is: (view: RunView) => boolean): Promise<RunView> {
    for (const begin = performance.now(); ;) {
      const view = await readRun(access, workflowId).catch(() => undefined)
      if (view && is(view)) return view
      if (view?.end || performance.now() - begin > PATIENCE_MS)
        throw new Error(`${workflowId}: ${JSON.stringify(view)}`)
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
  }
  const held = (workflowId: string): Promise<RunView> => until(workflowId, ({ heldDigest }) => heldDigest !== null)
  const published = (workflowId: string): Promise<RunView> =>
    until(workflowId, ({ end, status }) => end !== null && status?.status === 'published')

  async function approve(project: TestProject, workflowId: string): Promise<void> {
    const { runKey } = (await held(workflowId)).status!
    const { reason, by } = DECISION
    const approved = await project.cli(['approve', runKey, '--reason', reason, '--by', by])
    expect(approved.code, approved.stderr).toBe(0)
    await published(workflowId)
  }

  async function stop(kind: ServerKind): Promise<void> {
    const { servers } = await readStackRecord(stateFolder)
    await stopServer(servers.find((server) => server.kind === kind)!)
  }

  it('is undisturbed', async () => {
    await calm.startWorkerProcess()
    for (const [index, at] of STARTS.entries()) {
      const workflowId = await startQuarter(calm, at)
      await (index === 0 ? published(workflowId) : approve(calm, workflowId))
    }
    await calm.stopWorkers()
  })

  it('loses a worker', async () => {
    const doomed = await rough.startWorkerProcess({ RESEGMENT_FAULT: 'fitClusters:before-commit:kill' })
    const workflowId = await startQuarter(rough, STARTS[0])
    expect(await doomed.exited).toBeNull()
    await rough.startWorkerProcess()
    await published(workflowId)
  })

  it('loses its warehouse', async () => {
    const workflowId = await startQuarter(rough, STARTS[1])
    await until(workflowId, ({ status }) => status?.stages.some(({ stage }) => stage === 'extract') ?? false)
    await stop('warehouse')
    await until(workflowId, ({ trouble }) => trouble !== null)
    await start()
    await approve(rough, workflowId)
  })

  it('loses Temporal, and is approved in its UI afterwards', async () => {
    const workflowId = await startQuarter(rough, STARTS[2])
    await until(workflowId, ({ status }) => status?.stages.some(({ stage }) => stage === 'extract') ?? false)
    await stop('temporal')
    await start()
    await held(workflowId)
    await withPage(browser!, {}, (page) => decideInUi(page, stack.endpoints.temporalUi!, workflowId, DECISION))
    await published(workflowId)
  })

  it('fails a gate, and is run again in the UI once the source is whole', async () => {
    const path = join(rough.folder, 'data/order_lines.csv.gz')
    const whole = await readFile(path)
    await writeFile(path, gzipSync(halfOf(gunzipSync(whole).toString())))
    const workflowId = await startQuarter(rough, STARTS[3])
    const { end } = await until(workflowId, (view) => view.end !== null)
    expect(end).toMatchObject({ failure: { type: 'GateFailed', stage: 'validate' } })
    await writeFile(path, whole)
    await withPage(browser!, {}, (page) => runAgainInUi(page, workflowId))
    await approve(rough, workflowId)
  })

  it('publishes in the end what it would have without any of that', async () => {
    const [is, wanted] = [await logicalContent(rough), await logicalContent(calm)]
    expect(Object.keys(is).sort()).toEqual(Object.keys(wanted).sort())
    // A part with its first row that differs: all of them at once are too long to be shown.
    const differing = Object.entries(wanted).flatMap(([part, rows]) => {
      const row = rows.findIndex((one, index) => one !== is[part]![index])
      return row < 0 && rows.length === is[part]!.length ? [] : [{ part, wanted: rows[row], is: is[part]![row] }]
    })
    expect(differing).toEqual([])
  })

  /** As the message of the failure says: "Start Workflow Like This One with revision: next". */
  async function runAgainInUi(page: Page, workflowId: string): Promise<void> {
    const failed = await readRun(access, workflowId)
    await page.goto(workflowPage(stack.endpoints.temporalUi!, workflowId), { waitUntil: 'domcontentloaded' })
    await seen(page.getByRole('button', { name: 'More Actions' })).click()
    await takePicture(page, 'failed-run')
    await seen(page.getByText('Start Workflow Like This One', { exact: true })).click()
    const input = page.locator('[contenteditable=true]').filter({ hasText: '"definition"' })
    await input.click()
    await page.keyboard.press('Control+Home')
    await page.keyboard.press('ArrowRight')
    await page.keyboard.insertText('"revision": "next",')
    await takePicture(page, 'like-this-one')
    await seen(page.getByRole('button', { name: 'Start Workflow' })).click()
    const runId = async (): Promise<string> => (await readRun(access, workflowId)).temporalRunId
    await expect.poll(runId, { timeout: PATIENCE_MS }).not.toBe(failed.temporalRunId)
  }
})

/**
 * What consumers read, in tables and in files, as rows. Left out are the revision, as the last quarter came out as its second one; addresses, which
 * have a digest of the content with the revision in them; and the reports, which say when somebody approved.
 */
async function logicalContent(project: TestProject): Promise<Record<string, readonly string[]>> {
  const { views, objects } = await publishedContent(project)
  const parts: Record<string, readonly string[]> = {}
  for (const [view, rows] of Object.entries(views as Record<string, string[]>))
    parts[view] = ofPublished(rows)
      .map((row) => asFirst(row).replace('"revision":2', '"revision":1'))
      .sort()
  const client = s3Of(project)
  const path = join(await mkdtemp(join(tmpdir(), 'resegment-year-')), 'file.parquet')
  const engine = await DuckDBInstance.create()
  const connection = await engine.connect()
  for (const key of Object.keys(objects as object)) {
    const name = key.replace(/~\d+/, '').replace(/-[0-9a-f]{12}\./, '.')
    parts[name] = []
    if (!key.endsWith('.parquet')) continue
    const object = { Bucket: `segments-${project.target}`, Key: `${project.target}/${key}` }
    const { Body } = await client.send(new GetObjectCommand(object))
    await writeFile(path, await Body!.transformToByteArray())
    const rows = await connection.runAndReadAll(
      `select columns(name -> name <> 'revision') from read_parquet('${path}', hive_partitioning = false)`,
    )
    parts[name] = rows.getRowsJson().map((row) => asFirst(JSON.stringify(row)))
  }
  connection.closeSync()
  engine.closeSync()
  client.destroy()
  await rm(dirname(path), { recursive: true, force: true })
  return parts
}

/** Without what is kept of the revision that failed: its checks. */
function ofPublished(rows: readonly string[]): readonly string[] {
  const failed = '"run_key":"shop@2026-01-01","revision":1,'
  return rows.some((row) => row.includes('"revision":2')) ? rows.filter((row) => !row.includes(failed)) : rows
}

function asFirst(text: string): string {
  return text.replaceAll('shop@2026-01-01~2', 'shop@2026-01-01~1')
}

/** The lines of every second customer, more or less. */
function halfOf(csv: string): string {
  const [header, ...lines] = csv.split('\n')
  const column = header!.split(',').indexOf('customer_id')
  const stays = (line: string): boolean =>
    line !== '' && createHash('md5').update(line.split(',')[column]!).digest()[0]! % 2 === 0
  return [header, ...lines.filter(stays), ''].join('\n')
}
