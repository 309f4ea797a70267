import { describe, expect, it } from 'vitest'
import { versionChecks } from '../../src/cli/health/worker-versions.ts'
import { runVersionLines } from '../../src/report/run-version-lines.ts'
import { missingWorkers, noWorker, type QueueRouting, type WorkerVersion } from '../../src/run/worker-version.ts'

const v1 = { deployment: 'shop', buildId: 'v1' }
const v2 = { deployment: 'shop', buildId: 'v2' }

function queues(current: WorkerVersion | null, ...pollers: readonly (WorkerVersion | null)[]): QueueRouting[] {
  const kinds = ['workflow', 'io', 'compute']
  return kinds.map((kind) => ({ queue: `resegment-${kind}`, current, ramping: null, pollers }))
}

describe('doctor, of versions of workers', () => {
  it('says nothing where no worker has one', () => {
    expect(versionChecks(queues(null, null), 'prod')).toEqual([])
    expect(versionChecks(queues(null), 'prod')).toEqual([])
  })

  it('names the command where none is current: nobody takes new runs, or workers without a version do', () => {
    const remedy =
      'Make one current: temporal worker deployment set-current-version --deployment-name shop --build-id v1'
    expect(versionChecks(queues(null, v1, v1), 'prod')).toMatchObject([
      { outcome: 'problem', message: 'shop:v1: not current, so that new runs wait', remedy },
    ])
    expect(versionChecks(queues(null, v1, null), 'prod')).toMatchObject([{ outcome: 'warning', remedy }])
  })

  it('finds the queues that nobody of the current version polls, and who could take over', () => {
    const [workflow, io, compute] = queues(v2, v1)
    const found = versionChecks([workflow!, { ...io!, pollers: [v1, v2] }, compute!], 'dev')
    expect(found).toMatchObject([
      {
        outcome: 'problem',
        message: 'new runs go to shop:v2, and no worker of it polls resegment-workflow, resegment-compute',
        remedy:
          'Start one: resegment worker --deployment shop --build-id v2; or make the one current that polls: temporal worker deployment set-current-version --deployment-name shop --build-id v1',
      },
    ])
    expect(versionChecks(queues(v2), 'prod')[0]!.remedy).toBe(
      'Start one: resegment worker --deployment shop --build-id v2 --target prod',
    )
  })

  it('tells of a ramp, and finds its workers missing, too', () => {
    const ramping = (...pollers: WorkerVersion[]) =>
      queues(v1, ...pollers).map((queue) => ({ ...queue, ramping: { ...v2, percentage: 10 } }))
    expect(versionChecks(ramping(v1, v2), 'prod')).toMatchObject([
      { outcome: 'ok', message: 'shop:v1 is current, 10 % of new runs go to shop:v2' },
    ])
    expect(versionChecks(ramping(v1), 'prod')).toMatchObject([
      { outcome: 'problem', message: expect.stringContaining('new runs go to shop:v2') },
    ])
  })
})

describe('a described run', () => {
  const run = {
    workflowId: 'shop@2026-10-01~1',
    version: { ...v1, isPinned: true },
    status: {},
    end: null,
    missing: [],
  }
  const queue = 'resegment-workflow'

  it('says on which version it is, and whether it stays there', () => {
    expect(runVersionLines(run, 'dev')).toEqual(['Workers: version shop:v1; it ends there.'])
    expect(runVersionLines({ ...run, version: { ...v1, isPinned: false } }, 'dev')).toEqual([
      'Workers: version shop:v1; it goes on with whichever is current.',
    ])
    expect(runVersionLines({ ...run, end: { how: 'completed' } }, 'dev')).toEqual(['Workers: version shop:v1.'])
    expect(runVersionLines({ ...run, version: null }, 'dev')).toEqual([])
  })

  it('says how it goes on when none of its workers answers', () => {
    const lines = runVersionLines({ ...run, status: null, missing: [{ queue, version: v1, isPolled: true }] }, 'prod')
    expect(lines.join(' ')).toContain('resegment worker --deployment shop --build-id v1 --target prod')
    expect(lines.at(-1)).toBe(
      '  temporal workflow update-options --workflow-id "shop@2026-10-01~1" --versioning-override-behavior auto_upgrade',
    )
  })

  it('that is not pinned says which version it waits for, though workers of another one poll', () => {
    const waits = { ...run, version: { ...v1, isPinned: false }, status: null }
    const [routing] = queues(v2, v1)
    expect(runVersionLines({ ...waits, missing: missingWorkers(routing!) }, 'dev').join(' ')).toBe(
      'Workers: version shop:v1; it goes on with whichever is current. No worker of version shop:v2 serves resegment-workflow now; runs wait until one does: resegment worker --deployment shop --build-id v2',
    )
    const none = { ...waits, version: null, missing: missingWorkers({ ...routing!, current: null, pollers: [] }) }
    expect(runVersionLines(none, 'dev').join(' ')).toBe(
      'No worker serves resegment-workflow now; runs wait until one does: resegment worker',
    )
  })
})

describe('workers that are missing', () => {
  const [routing] = queues(v1, v1, v1)
  it('are those of the version that is current, and of the one that a share of runs goes to', () => {
    expect(missingWorkers(routing!)).toEqual([])
    expect(missingWorkers({ ...routing!, ramping: { ...v2, percentage: 5 } })).toEqual([
      { queue: 'resegment-workflow', version: v2, isPolled: true },
    ])
    expect(missingWorkers({ ...routing!, current: null }).map(noWorker)).toEqual(['No worker without a version'])
    expect(missingWorkers({ ...routing!, current: null, pollers: [null, v1] })).toEqual([])
  })
})
