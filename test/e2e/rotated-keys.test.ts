import type { Payload } from '@temporalio/common'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { connectTemporal, type TemporalAccess } from '../../src/client/connect.ts'
import { readRun, type RunView } from '../../src/client/read-run.ts'
import { readEnvironment } from '../../src/config/environment.ts'
import { isScheduleOf } from '../../src/plan/target-names.ts'
import { payloadCodecsOf } from '../../src/wiring/payload-codecs.ts'
import { WORKFLOW_TYPE } from '../../src/workflows/messages.ts'
import type { TestProject } from './project.ts'
import { openShop, shopPipeline } from './shop.ts'

const TARGET = 'rotated'
const SCHEDULE = `resegment-${TARGET}-shop`
const CUSTOMERS = 40
const keyOf = (id: string, byte: number): string => `${id}:${Buffer.alloc(32, byte).toString('base64')}`
const OLDER = { RESEGMENT_PAYLOAD_KEYS: keyOf('older', 1) }
const NEWER = { RESEGMENT_PAYLOAD_KEYS: keyOf('newer', 2) }
const ROTATED = { RESEGMENT_PAYLOAD_KEYS: `${keyOf('newer', 2)},${keyOf('older', 1)}` }

// The schedule is deployed under the older key, and everything after that knows the newer one first.
describe('after the rotation of a payload key', () => {
  let project: TestProject
  let access: TemporalAccess
  let first: RunView

  beforeAll(async () => {
    project = await openShop(TARGET, { customers: CUSTOMERS, pipeline: { cluster: '{ count: 50 }' } })
    access = await connectTemporal(project.variables, payloadCodecsOf(readEnvironment(ROTATED)))
    await deploy(OLDER)
    await project.startWorker(ROTATED)
  })
  afterAll(async () => {
    for await (const { scheduleId } of access?.client.schedule.list() ?? [])
      if (isScheduleOf(TARGET, scheduleId)) await access.client.schedule.getHandle(scheduleId).delete()
    await access?.close()
    await project?.close()
  })

  it('a schedule of the older key goes on', async () => {
    const schedule = access.client.schedule.getHandle(SCHEDULE)
    await schedule.trigger()
    const { workflowId, firstExecutionRunId } = await started(schedule)
    await ended(workflowId, firstExecutionRunId)
    first = await readRun(access, workflowId)
    // 50 clusters of 40 customers: everything before was read and done.
    expect(first).toMatchObject({ status: { revision: 1 }, end: { how: 'failed', failure: { stage: 'cluster' } } })
    expect(keyIdOf(await inputOf(workflowId))).toBe('older')
  })

  it('the next revision, started like a run of the older key, goes by what was deployed under it', async () => {
    project.write('pipelines/shop.yaml', shopPipeline())
    await deploy(OLDER)
    const view = await startLike('encoded', access)
    expect(view).toMatchObject({ status: { status: 'published', revision: 2 } })
    expect(keyIdOf(await inputOf(view.workflowId))).toBe('newer')
  })

  it('so does one whose input somebody typed in clear, without a codec server', async () => {
    const clear = await connectTemporal(project.variables)
    try {
      const view = await startLike('clear', clear)
      expect(view).toMatchObject({ status: { status: 'published', revision: 3 } })
      expect(keyIdOf(await inputOf(view.workflowId))).toBe('')
    } finally {
      await clear.close()
    }
  })

  it('an older key that was removed too early is named with its schedule, by doctor and deploy', async () => {
    await expect
      .poll(async () => doctor(NEWER), { timeout: 30_000 })
      .toMatch(/key older is missing, with which the input of .*resegment-rotated-shop/)
    const refused = await project.cli(['deploy', '--yes'], NEWER)
    expect(refused.code).toBe(1)
    expect(refused.stderr).toMatch(
      /^PayloadNotReadable: Schedule resegment-rotated\S+: This was encrypted with key older; this process has keys newer\.\nAdd that key .*If that key is lost, delete the schedule/m,
    )
  })

  it('deploy encrypts what schedules hold with the newer key, after which nobody needs the older one', async () => {
    expect(await doctor(ROTATED)).toMatch(/key older is still needed by .*resegment-rotated-shop/)
    const shown = await project.cli(['deploy', '--dry-run'], ROTATED)
    expect(shown.stdout).toMatch(/update +resegment-rotated-shop\n +payload key: older → newer\n/)
    await deploy(ROTATED)
    expect((await project.cli(['deploy', '--yes'], NEWER)).stdout).toContain('Temporal has these schedules already.')
    expect(await doctor(NEWER)).not.toMatch(/key older/)
  })

  /** Without the ends of its lines. */
  async function doctor(keys: Readonly<Record<string, string>>): Promise<string> {
    return (await project.cli(['doctor'], keys)).stdout.replaceAll(/\s+/g, ' ')
  }

  async function deploy(keys: Readonly<Record<string, string>>): Promise<void> {
    const result = await project.cli(['deploy', '--yes'], keys)
    expect(result, result.stderr).toMatchObject({ code: 0 })
  }

  /** As the UI does it: the input and what the run was found by are copied, and encoded as those do who start it. */
  async function startLike(name: string, by: TemporalAccess): Promise<RunView> {
    const [payload] = await payloadCodecsOf(readEnvironment(ROTATED))[0]!.decode([await inputOf(first.workflowId)])
    const input = JSON.parse(Buffer.from(payload!.data!).toString()) as object
    const { taskQueue, typedSearchAttributes } = await access.client.workflow.getHandle(first.workflowId).describe()
    const workflowId = `${first.workflowId}-${name}`
    await by.client.workflow.start(WORKFLOW_TYPE, {
      ...{ workflowId, taskQueue, args: [{ ...input, revision: 'next' }] },
      typedSearchAttributes: typedSearchAttributes.getAll().filter(({ key }) => key.name.startsWith('Resegment')),
    })
    await ended(workflowId)
    return readRun(access, workflowId)
  }

  async function ended(workflowId: string, runId?: string): Promise<void> {
    await access.client.workflow
      .getHandle(workflowId, runId)
      .result()
      .catch(() => undefined)
  }

  async function started(schedule: ReturnType<TemporalAccess['client']['schedule']['getHandle']>) {
    const actions = async () => (await schedule.describe()).info.recentActions
    await expect.poll(actions, { timeout: 20_000 }).toHaveLength(1)
    return (await actions())[0]!.action.workflow
  }

  /** As Temporal keeps it. */
  async function inputOf(workflowId: string): Promise<Payload> {
    const { events } = await access.client.workflow.getHandle(workflowId).fetchHistory()
    return events![0]!.workflowExecutionStartedEventAttributes!.input!.payloads![0]!
  }
})

/** Empty: it is in clear. */
function keyIdOf({ metadata }: Payload): string {
  return Buffer.from(metadata?.['encryption-key-id'] ?? []).toString()
}
