import { execFileSync } from 'node:child_process'
import { mkdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Client, Connection } from '@temporalio/client'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { TestProject } from './project.ts'
import { openShop } from './shop.ts'

/** After the signal of an orchestrator, with its usual patience, nothing should be left to kill. */
const FORCE_MS = 60_000
const SIGTERM = 128 + 15

describe('a worker in trouble', () => {
  let project: TestProject
  let client: Client

  beforeAll(async () => {
    project = await openShop('worn')
    client = new Client({ connection: await Connection.connect({ address: project.variables.TEMPORAL_ADDRESS! }) })
  })
  afterAll(async () => {
    await client.connection.close()
    await project.close()
  })

  it('that is told to end in the middle of anything finishes or gives back what it works on, in time, and the run goes on with the next one', async () => {
    const run = project.run(['shop', '--as-of', '2026-07-01'])
    for (const afterMs of [500, 1_500, 3_000]) {
      const worker = await project.startWorkerProcess()
      await sleep(afterMs)
      const told = performance.now()
      await worker.stop()
      expect(await worker.exited).toBe(SIGTERM)
      expect(performance.now() - told).toBeLessThan(FORCE_MS)
      // All three: what they worked on was finished or cancelled, and not cut off. A task that the server hands out in that moment may be lost.
      expect(worker.output().match(/"state":"STOPPED"/g)).toHaveLength(3)
    }
    const last = await project.startWorkerProcess()
    expect(await run).toMatchObject({ status: 'published' })
    await last.stop()
  })

  it('of memory says so, and ends with 75 to be started anew when nothing computes and it is not given back', async () => {
    const worker = await project.startWorkerProcess({}, ['--max-memory', '64MB'])
    expect(await worker.exited).toBe(75)
    expect(worker.output()).toMatch(/64\.0 MB|may be needed to compute/)
    expect(worker.output()).toContain('Memory is over its limit: nothing more is computed until what runs has finished')
    expect(worker.output()).toContain('Memory is not given back although nothing computes')
  })

  it('whose disk is full says so, tries again, and goes on once there is room', async (context) => {
    const cache = join(project.folder, 'small-cache')
    mkdirSync(cache)
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=16m', 'tmpfs', cache], { stdio: 'ignore' })
    } catch {
      return context.skip('a disk of its own can be mounted by root only')
    }
    try {
      const filler = join(cache, 'filler')
      const { bavail, bsize } = statfsSync(cache)
      writeFileSync(filler, Buffer.alloc(bavail * bsize - 16_384))
      const worker = await project.startWorkerProcess({ RESEGMENT_CACHE: cache })
      const run = project.run(['shop', '--as-of', '2026-10-01'])
      const failure = await expect
        .poll(async () => (await pending('worn/shop@2026-10-01~1'))[0], { timeout: 120_000, interval: 500 })
        .toMatchObject({ type: 'ScratchFull' })
        .then(() => pending('worn/shop@2026-10-01~1'))
      expect(failure[0]!.message).toMatch(
        /^The disk of the worker is full: .+ Give the folder RESEGMENT_CACHE a larger disk/,
      )
      rmSync(filler)
      await project.cli(['retry', 'shop@2026-10-01', '--now'])
      expect(await run).toMatchObject({ status: 'published' })
      await worker.stop()
    } finally {
      await project.stopWorkers()
      execFileSync('umount', ['-l', cache])
    }
  })

  /** What the newest attempts failed with that a run waits for. */
  async function pending(workflowId: string): Promise<readonly { type: string; message: string }[]> {
    const { raw } = await client.workflow
      .getHandle(workflowId)
      .describe()
      .catch(() => ({ raw: undefined }))
    return (raw?.pendingActivities ?? []).flatMap(({ lastFailure }) =>
      lastFailure
        ? [{ type: lastFailure.applicationFailureInfo?.type ?? 'other', message: lastFailure.message ?? '' }]
        : [],
    )
  }
})
