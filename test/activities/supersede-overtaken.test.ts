import { describe, expect, it } from 'vitest'
import { supersedeOvertaken } from '../../src/activities/supersede-overtaken.ts'
import type { Workflows } from '../../src/activities/settle-runs.ts'
import type { Ledger, OpenRun } from '../../src/ports/ledger.ts'

const october = '2026-10-01T00:00:00.000Z'
const january = '2027-01-01T00:00:00.000Z'
const published = { runKey: 'shop@2026-10-01', revision: 2, asOf: october }
const open = (runKey: string, revision: number, asOf: string): OpenRun => ({
  ...{ runKey, revision, asOf },
  ...{ workflowId: `dev/${runKey}~${revision}`, temporalRunId: 'first' },
})

type PublishedRun = Parameters<typeof supersedeOvertaken>[3]

/** Whom a publication tells, and what. @param refuse thrown at who is told */
async function told(runs: readonly OpenRun[], refuse?: Error, by: PublishedRun = published): Promise<unknown[]> {
  const signals: unknown[] = []
  const getHandle = (workflowId: string) => ({
    signal: async (...message: unknown[]) => {
      if (refuse) throw refuse
      signals.push([workflowId, ...message])
    },
  })
  const workflows = { getHandle } as unknown as Workflows
  await supersedeOvertaken(() => workflows, { openRuns: async () => runs } as Partial<Ledger> as Ledger, 'shop', by)
  return signals
}

describe('a publication', () => {
  it('tells open runs of an earlier as-of, and older revisions of its own, by whom they were overtaken', async () => {
    const runs = [
      open('shop@2026-07-01', 1, '2026-07-01T00:00:00.000Z'),
      open('shop@2026-10-01', 1, october),
      open('shop@2026-10-01', 3, october),
      open('shop@2027-01-01', 1, january),
    ]
    const message = ['superseded', { runId: 'shop@2026-10-01~2', asOf: october }]
    expect(await told(runs)).toEqual([
      ['dev/shop@2026-07-01~1', ...message],
      ['dev/shop@2026-10-01~1', ...message],
    ])
  })

  it('neither ends runs that fill in the past, nor does one of these end any but its own revisions', async () => {
    const past = { ...open('shop@2026-07-01', 1, '2026-07-01T00:00:00.000Z'), isHistorical: true }
    expect(await told([past])).toEqual([])
    const older = { ...open('shop@2026-10-01', 1, october), isHistorical: true }
    const another = { ...open('shop@2026-04-01', 1, '2026-04-01T00:00:00.000Z'), isHistorical: true }
    const present = open('shop@2026-07-02', 1, '2026-07-02T00:00:00.000Z')
    const filled = { ...published, isHistorical: true }
    expect(await told([older, another, present], undefined, filled)).toMatchObject([
      ['dev/shop@2026-10-01~1', 'superseded', {}],
    ])
  })

  it('goes on where a run ended meanwhile, and is tried again where Temporal cannot be told', async () => {
    const runs = [open('shop@2026-07-01', 1, '2026-07-01T00:00:00.000Z')]
    const gone = Object.assign(new Error('gone'), { name: 'WorkflowNotFoundError' })
    expect(await told(runs, gone)).toEqual([])
    await expect(told(runs, new Error('unavailable'))).rejects.toThrow('unavailable')
  })
})
