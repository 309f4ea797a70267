import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync, gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { connectTemporal, type TemporalAccess } from '../../src/client/connect.ts'
import { readRun, type RunView } from '../../src/client/read-run.ts'
import { isScheduleOf } from '../../src/plan/target-names.ts'
import { WORKFLOW_TYPE } from '../../src/workflows/messages.ts'
import type { TestProject } from './project.ts'
import { openShop, shopPipeline } from './shop.ts'

const CUSTOMERS = 40
const FIRST = 'rerun/shop@2026-10-01~1'

// What docs/operators.md says of "Start Workflow Like This One"; what to click is in test/browser.
describe('the next revision, started like the one that failed', () => {
  let project: TestProject
  let access: TemporalAccess
  let source: { readonly path: string; readonly rows: Buffer }

  beforeAll(async () => {
    project = await openShop('rerun', { customers: CUSTOMERS, pipeline: { cluster: '{ count: 50 }' } })
    access = await connectTemporal(project.variables)
    const path = join(project.folder, 'data/order_lines.csv.gz')
    source = { path, rows: readFileSync(path) }
    await project.startWorker()
    await deploy()
  })
  afterAll(async () => {
    for await (const { scheduleId } of access?.client.schedule.list() ?? [])
      if (isScheduleOf('rerun', scheduleId)) await access.client.schedule.getHandle(scheduleId).delete()
    await access?.close()
    await project?.close()
  })

  it('reads a repaired source again', async () => {
    const [header] = gunzipSync(source.rows).toString().split('\n')
    writeFileSync(source.path, gzipSync(`${header}\n`))
    const failed = await project.cli(['run', 'shop', '--as-of', '2026-10-01'])
    expect(failed, failed.stdout).toMatchObject({ code: 1 })
    expect(failed.stderr).toContain('Stage extract failed (SourceEmpty)')
    writeFileSync(source.path, source.rows)
    const again = await startLike(FIRST, 'next')
    expect(again.status).toMatchObject({ revision: 2, asOf: '2026-09-30T22:00:00Z' })
    expect(failedStage(again)).toBe('cluster')
  })

  it('does not go by a repaired pipeline before it is deployed, and then goes by it', async () => {
    project.write('pipelines/shop.yaml', shopPipeline())
    const before = await startLike(FIRST, 'next')
    expect(before.status).toMatchObject({ revision: 3 })
    expect(failedStage(before)).toBe('cluster')
    await deploy()
    // Its own definition still asks for 50 clusters.
    const after = await startLike(FIRST, 'next')
    expect(after.status).toMatchObject({ status: 'published', revision: 4 })
    expect(after.status!.segments).toHaveLength(4)
    const hashes = await project.sql<{ hash: string }>('select definition_hash as hash from runs order by revision')
    expect(new Set(hashes.slice(0, 3).map(({ hash }) => hash)).size).toBe(1)
    expect(hashes[3]).not.toEqual(hashes[0])
  })

  it('with a number goes by the definition in its input', async () => {
    const numbered = await startLike(FIRST, 5)
    expect(numbered.status).toMatchObject({ revision: 5 })
    expect(failedStage(numbered)).toBe('cluster')
  })

  async function deploy(): Promise<void> {
    const result = await project.cli(['deploy', '--yes'])
    expect(result, result.stderr).toMatchObject({ code: 0 })
  }

  /** As the UI does it: the first argument and what the run was found by are copied, nothing else. @returns how it ended */
  async function startLike(workflowId: string, revision: number | 'next'): Promise<RunView> {
    const handle = access.client.workflow.getHandle(workflowId)
    const { taskQueue, typedSearchAttributes } = await handle.describe()
    const { events } = await handle.fetchHistory()
    const [payload] = events![0]!.workflowExecutionStartedEventAttributes!.input!.payloads!
    const input = JSON.parse(Buffer.from(payload!.data!).toString()) as object
    const again = `${workflowId}-${revision}-${performance.now()}`
    await access.client.workflow.start(WORKFLOW_TYPE, {
      ...{ workflowId: again, taskQueue },
      args: [{ ...input, revision }],
      typedSearchAttributes: typedSearchAttributes.getAll().filter(({ key }) => key.name.startsWith('Resegment')),
    })
    await access.client.workflow
      .getHandle(again)
      .result()
      .catch(() => undefined)
    return readRun(access, again)
  }
})

function failedStage({ end }: RunView): string | undefined {
  return end?.how === 'failed' ? end.failure?.stage : undefined
}
