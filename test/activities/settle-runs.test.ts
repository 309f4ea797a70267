import { describe, expect, it } from 'vitest'
import { settleRuns, type Workflows } from '../../src/activities/settle-runs.ts'
import type { Ledger, OpenRun, UntoldEnd } from '../../src/ports/ledger.ts'

const closeTime = new Date('2026-10-01T05:00:00.000Z')
const facts = { temporalRunId: 'newest', finishedAt: '2026-10-01T05:00:00.000Z' }

/** Settles one open run whose workflow is as described. */
async function settle(description: object | Error, lastEvent: object = {}): Promise<UntoldEnd[]> {
  const ends: UntoldEnd[] = []
  const open: OpenRun = {
    ...{ runKey: 'shop@2026-10-01', revision: 1, asOf: '2026-10-01T00:00:00.000Z' },
    ...{ workflowId: 'w', temporalRunId: 'first' },
  }
  const ledger = {
    openRuns: async () => [open],
    settleRun: async (_run, end) => void ends.push(end),
  } as Partial<Ledger>
  const handle = {
    describe: () => (description instanceof Error ? Promise.reject(description) : Promise.resolve(description)),
    fetchHistory: async () => ({ events: [{}, lastEvent] }),
  }
  await settleRuns({ getHandle: () => handle } as unknown as Workflows, ledger as Ledger, 'shop')
  return ends
}

const closed = (name: string): object => ({ status: { name }, closeTime, runId: 'newest' })

describe('settleRuns', () => {
  it('leaves runs alone that are open, complete, or that Temporal does not know', async () => {
    const unknown = Object.assign(new Error('gone'), { name: 'WorkflowNotFoundError' })
    for (const found of [{ status: { name: 'RUNNING' }, runId: 'newest' }, closed('COMPLETED'), unknown])
      expect(await settle(found)).toEqual([])
    await expect(settle(new Error('unavailable'))).rejects.toThrow('unavailable')
  })

  it('tells how a run ended that could not say so itself', async () => {
    expect(
      await settle(closed('TERMINATED'), {
        workflowExecutionTerminatedEventAttributes: { identity: 'ada@acme.example', reason: '' },
      }),
    ).toEqual([
      {
        ...facts,
        state: 'cancelled',
        failure: 'The workflow was terminated in Temporal by ada@acme.example: No reason was given.',
        event: { event: 'terminated', by: 'ada@acme.example', reason: 'No reason was given.' },
      },
    ])
    expect(
      await settle(closed('FAILED'), {
        workflowExecutionFailedEventAttributes: { failure: { message: 'Stage publish failed: …' } },
      }),
    ).toEqual([{ ...facts, state: 'failed', failure: 'Stage publish failed: …' }])
    expect(await settle(closed('TIMED_OUT'))).toMatchObject([{ state: 'failed' }])
    expect(await settle(closed('CANCELLED'))).toEqual([{ ...facts, state: 'cancelled', failure: null }])
  })
})
