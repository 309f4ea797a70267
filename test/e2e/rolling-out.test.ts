import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { lookAtTemporal } from '../../src/cli/health/temporal.ts'
import { connectTemporal } from '../../src/client/connect.ts'
import { readRun } from '../../src/client/read-run.ts'
import { runVersion } from '../../src/plan/run-version.ts'
import { readEnvironment } from '../../src/config/environment.ts'
import type { RunVersion } from '../../src/run/worker-version.ts'
import type { TestProject, WorkerProcess } from './project.ts'
import { openShop } from './shop.ts'
import { temporalTool } from './temporal-tool.ts'

const TARGET = 'rolling'
/** One a target: queues belong to a deployment. */
const DEPLOYMENT = 'rollingshop'
const OLDEST = 'shop@2026-04-01'
const OLDER = 'shop@2026-07-01'
const NEWER = 'shop@2026-10-01'
const HELD = 3
const SOON = { timeout: 30_000, interval: 500 }

describe('workers of two versions', () => {
  let project: TestProject
  const workers: Record<string, WorkerProcess> = {}
  beforeAll(async () => {
    project = await openShop(TARGET, { pipeline: { validate: '{ smallestSegment: { hold: { below: 0.9 } } }' } })
  })
  afterAll(() => project.close())

  const start = async (buildId: string): Promise<void> => {
    workers[buildId] = await project.startWorkerProcess({ RESEGMENT_DEPLOYMENT: DEPLOYMENT }, ['--build-id', buildId])
    expect(workers[buildId].output()).toContain(`serving target ${TARGET} as ${DEPLOYMENT}:${buildId}`)
  }
  const makeCurrent = (buildId: string): Promise<string> =>
    // The server learns of a version when its workers begin to poll.
    vi.waitFor(
      () =>
        temporalTool(project, [
          ...['worker', 'deployment', 'set-current-version', '--yes'],
          ...['--deployment-name', DEPLOYMENT, '--build-id', buildId],
        ]),
      SOON,
    )
  const doctor = async (): Promise<readonly string[]> => {
    const checks = await lookAtTemporal(readEnvironment(project.variables), TARGET)
    const found = checks.filter(({ name }) => name === 'worker versions')
    return found.map(({ outcome, message, remedy }) => [`${outcome}: ${message}`, remedy].filter(Boolean).join(' | '))
  }
  const versionOf = async (run: string): Promise<RunVersion | null> => {
    const access = await connectTemporal(project.variables)
    try {
      return (await readRun(access, `${TARGET}/${run}~1`)).version
    } finally {
      await access.close()
    }
  }
  const run = (name: string): Promise<unknown> => project.run(['shop', '--as-of', name.split('@')[1]!], HELD)
  const described = async (name: string): Promise<string> => {
    const { stdout } = await project.cli(['describe', name])
    return stdout.replaceAll(/\s+/g, ' ')
  }
  const on = (buildId: string): RunVersion => ({ deployment: DEPLOYMENT, buildId, isPinned: true })

  it('take over, when the first one is current, what workers without a version began', async () => {
    const plain = await project.startWorker()
    await run(OLDEST)
    expect(await versionOf(OLDEST)).toBeNull()
    await start('v1')
    const notCurrent = /^warning: rollingshop:v1: not current, so that runs go to workers without a version/
    await vi.waitFor(async () => expect(await doctor()).toEqual([expect.stringMatching(notCurrent)]), SOON)
    await makeCurrent('v1')
    await plain.stop()
    const rejected = await project.cli(['reject', OLDEST, '--reason', 'Test.'])
    expect(rejected.code, rejected.stderr).toBe(0)
    expect(await versionOf(OLDEST)).toEqual(on('v1'))
  })

  it('take the runs that began on them, and new ones go to the current one', async () => {
    await run(OLDER)
    expect(await versionOf(OLDER)).toEqual(on('v1'))

    await start('v2')
    await makeCurrent('v2')
    expect(await doctor()).toEqual([
      'ok: rollingshop:v2 is current; rollingshop:v1 polls for runs that are pinned to it',
    ])
    await run(NEWER)
    expect(await versionOf(NEWER)).toEqual(on('v2'))
    expect(await versionOf(OLDER)).toEqual(on('v1'))
    expect(await described(OLDER)).toContain(`Workers: version ${DEPLOYMENT}:v1; it ends there.`)
  })

  it('whose workers have gone leave their run waiting, which says so, until they are back', async () => {
    await workers['v1']!.stop()
    await vi.waitFor(async () => expect(await described(OLDER)).toContain('no worker of it answers'), SOON)
    await start('v1')
    // A reset leaves it where it was.
    const again = await project.cli(['retry', OLDER, '--from', 'validate'])
    expect(again.code, again.stderr).toBe(0)
    await vi.waitFor(async () => expect(await described(OLDER)).toContain('It waits for a person.'), SOON)
    const approved = await project.cli(['approve', OLDER, '--reason', 'Test.'])
    expect(approved.code, approved.stderr).toBe(0)
    await vi.waitFor(async () => expect(await described(OLDER)).toContain('Consumers see this run now.'), SOON)
    expect(await versionOf(OLDER)).toEqual(on('v1'))
  })

  it('go on with short work on whichever is current', async () => {
    expect((await project.cli(['sweep', 'shop'])).code).toBe(0)
    const access = await connectTemporal(project.variables)
    const description = await access.client.workflow.getHandle(`${TARGET}/sweep/shop`).describe()
    await access.close()
    expect(runVersion(description)).toEqual({ ...on('v2'), isPinned: false })
  })

  it('can be rolled back: a run that is told to goes on with the version before', async () => {
    await makeCurrent('v1')
    await workers['v2']!.stop()
    await temporalTool(project, [
      ...['workflow', 'update-options', '--workflow-id', `${TARGET}/${NEWER}~1`],
      ...['--versioning-override-behavior', 'auto_upgrade'],
    ])
    const rejected = await project.cli(['reject', NEWER, '--reason', 'Test.'])
    expect(rejected.code, rejected.stderr).toBe(0)
    expect(await versionOf(NEWER)).toEqual({ ...on('v1'), isPinned: false })
  })
})
