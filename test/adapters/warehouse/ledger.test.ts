import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { makeLedger } from '../../../src/adapters/warehouse/ledger.ts'
import type { RunRecord } from '../../../src/ports/ledger.ts'
import type { RunState, RunStatus } from '../../../src/run/run-status.ts'
import { makeCandidate } from './candidate.ts'
import { openFreshSchema, type FreshSchema } from './fresh-schema.ts'

const july = '2026-07-01T00:00:00.000Z'
const october = '2026-10-01T00:00:00.000Z'

describe('the ledger', () => {
  let target: FreshSchema

  beforeEach(async () => {
    target = await openFreshSchema()
  })
  afterEach(() => target.close())

  it('follows a run from start to end and back to its start after a reset', async () => {
    const { ledger, reader } = target
    expect(await ledger.newestRevision('shop@2026-07-01')).toBe(0)
    await ledger.recordRun(record('running'))
    expect(await ledger.newestRevision('shop@2026-07-01')).toBe(1)
    await ledger.recordRun(record('failed', 'The source is gone.'))
    expect(await reader.describeRun('shop@2026-07-01', 1)).toMatchObject({
      status: 'failed',
      failure: 'The source is gone.',
      finishedAt: expect.any(String),
      checks: [{ gate: 'membershipChurn', outcome: 'hold', value: 0.4, threshold: 'above 0.35', message: null }],
      segments: [{ segmentKey: 'shop-1', name: 'One', customers: 1, share: 1 }],
      isLive: false,
    })
    await ledger.recordRun({ ...record('running'), temporalRunId: 'after-reset' })
    expect((await reader.runs('shop', 10))[0]).toMatchObject({
      status: 'running',
      failure: null,
      finishedAt: null,
      temporalRunId: 'after-reset',
    })
  })

  it('records once who decided, however often the activity is tried', async () => {
    const event = { event: 'approved', by: 'crm-lead', reason: 'Numbers look right.', identity: '7@laptop' }
    await target.ledger.recordRun(record('running'), event)
    await target.ledger.recordRun(record('running'), event)
    expect((await target.reader.describeRun('shop@2026-07-01', undefined))?.events).toEqual([
      { ...event, recordedAt: expect.any(String) },
    ])
  })

  it('never hides that a run is out, whatever a reset of it records', async () => {
    const { ledger, reader, warehouse, session } = target
    await ledger.recordRun(record('running'))
    await warehouse.publish(
      session,
      await makeCandidate(target, { asOf: july, members: new Map([['a', 'shop-1']]) }),
      () => undefined,
    )
    await ledger.recordRun(record('published'))
    for (const state of ['running', 'held', 'failed', 'cancelled', 'rejected'] as const)
      await ledger.recordRun(record(state, 'After a reset.'))
    const run = await reader.describeRun('shop@2026-07-01', 1)
    expect(run).toMatchObject({ status: 'published', failure: null, isLive: true, verdict: 'hold' })
    expect(run?.publishedAt).toBe(run?.finishedAt)
    expect(run?.checks[0]?.message).toBe('A tenth moved.')
  })

  it('ends the record of an open run that did not end it itself, and of no run that went on meanwhile', async () => {
    const { ledger, reader } = target
    await ledger.recordRun(record('held'))
    const [open] = await ledger.openRuns('shop')
    expect([open, await ledger.openRuns('club')]).toEqual([
      {
        ...{ runKey: 'shop@2026-07-01', revision: 1, asOf: july },
        ...{ workflowId: expect.any(String) as string, temporalRunId: open!.temporalRunId },
        isHistorical: false,
      },
      [],
    ])
    const end = { state: 'cancelled', failure: 'Terminated.', finishedAt: october, temporalRunId: 'newest' } as const
    await ledger.recordRun({ ...record('running'), temporalRunId: 'started again' })
    await ledger.settleRun(open!, end)
    expect((await reader.runs('shop', 1))[0]).toMatchObject({ status: 'running', failure: null })
    const [again] = await ledger.openRuns(undefined)
    await ledger.settleRun(again!, { ...end, event: { event: 'terminated', by: 'ada', reason: 'stuck' } })
    expect(await reader.describeRun('shop@2026-07-01', 1)).toMatchObject({
      status: 'cancelled',
      failure: 'Terminated.',
      finishedAt: october,
      temporalRunId: 'newest',
      events: [{ event: 'terminated', by: 'ada', reason: 'stuck', identity: null }],
    })
    expect(await ledger.openRuns(undefined)).toEqual([])
  })

  it('tells what is live and gives its memberships to the engine, with those that are gone', async () => {
    const { ledger, warehouse, session, scratchPath } = target
    expect(await ledger.publishedState('shop')).toEqual({ live: null, segments: [], newestNumber: 0 })
    await ledger.loadPublished(session, 'shop', scratchPath)
    expect(await session.rows('SELECT count(*) AS n FROM live')).toEqual([{ n: 0 }])

    const odd = 'a "quoted", ünïcode\nid'
    const first = new Map([
      [odd, 'shop-1'],
      ['NULL', 'shop-2'],
      ['gone', 'shop-2'],
    ])
    const one = await warehouse.publish(
      session,
      await makeCandidate(target, { asOf: july, members: first }),
      () => undefined,
    )
    const second = new Map([
      [odd, 'shop-1'],
      ['NULL', 'shop-1'],
    ])
    const before = { runId: 'shop@2026-07-01~1', members: first }
    const two = await warehouse.publish(
      session,
      await makeCandidate(target, { asOf: october, members: second, before }),
      () => undefined,
    )
    const place = {
      ownKey: null,
      level: 0,
      layer: null,
      lastPublicationId: two.publicationId,
      lastRun: 'shop@2026-10-01~1',
    }
    const described = { description: '', criteria: 'recency 0.2 × the average', ...place }
    await ledger.loadPublished(session, 'shop', scratchPath)
    expect(await session.rows('SELECT * FROM live ORDER BY customer_id')).toEqual([
      { customer_id: 'NULL', segment_key: 'shop-1', is_holdout: false },
      { customer_id: odd, segment_key: 'shop-1', is_holdout: false },
    ])
    expect(await session.rows('SELECT * FROM former')).toEqual([{ customer_id: 'gone' }])
    expect(await ledger.publishedState('shop')).toEqual({
      live: {
        runKey: 'shop@2026-10-01',
        revision: 1,
        asOf: october,
        publicationId: two.publicationId,
        definitionHash: 'd'.repeat(64),
        cleanRows: 98,
        model: { formatVersion: 1, centres: [[0.1, 1e-7]] },
        comparedWith: one.publicationId,
      },
      newestNumber: 2,
      segments: [
        { ...described, segmentKey: 'shop-1', name: 'Name of shop-1', status: 'active', customers: 2 },
        {
          ...described,
          segmentKey: 'shop-2',
          name: 'Name of shop-2',
          status: 'retired',
          customers: 0,
          lastPublicationId: one.publicationId,
          lastRun: 'shop@2026-07-01~1',
        },
      ],
    })
  })

  it('says what is wrong with the connection, and never the password', async () => {
    const url = new URL(target.connectionString)
    url.password = 'hunter2'
    url.username = 'nobody_at_all'
    await expectFailure(url.href, 'PermissionDenied')
    url.port = '1'
    await expectFailure(url.href, 'ConnectionFailed')
  })

  it('asks to be tried again where the server takes no writes', async () => {
    const url = new URL(target.connectionString)
    // As a standby is, after a failover.
    url.searchParams.set('options', '-c default_transaction_read_only=on')
    const ledger = makeLedger({ connectionString: url.href, schema: target.schema })
    const failure: unknown = await ledger.recordRun(record('running')).catch((error: unknown) => error)
    await ledger.close()
    expect(failure).toMatchObject({ type: 'ConnectionFailed', retry: 'try-again' })
    expect((failure as Error).message).toContain('takes no writes now')
  })

  it('comes back after its connections were cut', async () => {
    // A name of its own: other tests use the same server.
    const name = `cut_${target.schema}`
    const url = new URL(target.connectionString)
    url.searchParams.set('application_name', name)
    const ledger = makeLedger({ connectionString: url.href, schema: target.schema })
    await ledger.newestRevision('shop@2026-07-01')
    const cut = await target.query(
      `select pg_terminate_backend(pid) as cut from pg_stat_activity where application_name = '${name}'`,
    )
    expect(cut).toEqual([{ cut: true }])
    await expect(
      ledger.newestRevision('shop@2026-07-01').catch(() => ledger.newestRevision('shop@2026-07-01')),
    ).resolves.toBe(0)
    await ledger.close()
  })
})

async function expectFailure(connectionString: string, type: string): Promise<void> {
  const ledger = makeLedger({ connectionString, schema: 'anything' })
  const failure: unknown = await ledger.newestRevision('shop@2026-07-01').catch((error: unknown) => error)
  await ledger.close()
  expect(failure).toMatchObject({ type })
  expect(String((failure as Error).message)).toContain('nobody_at_all')
  expect(String((failure as Error).message)).not.toContain('hunter2')
}

function record(state: RunState, failure: string | null = null): RunRecord {
  const status: RunStatus = {
    runKey: 'shop@2026-07-01',
    revision: 1,
    pipeline: 'shop',
    kind: 'refit',
    period: '2026-Q2',
    asOf: july,
    status: state,
    verdict: 'hold',
    stages: [{ stage: 'extract', rowsIn: 3, rowsOut: 3, rejected: 0, seconds: 1 }],
    segments: [{ segmentKey: 'shop-1', name: 'One', customers: 1, share: 1 }],
    checks: [{ gate: 'membershipChurn', outcome: 'hold', value: 0.4, threshold: 'above 0.35' }],
    moved: null,
    moves: null,
    artifacts: {},
    manifestUri: null,
    workflowId: 'dev/shop@2026-07-01~1',
    temporalRunId: 'first',
  }
  return {
    runKey: status.runKey,
    revision: 1,
    pipeline: 'shop',
    kind: 'refit',
    period: status.period,
    asOf: july,
    state,
    definitionHash: 'd'.repeat(64),
    seed: 7,
    codeVersion: '0.0.0-test',
    workflowId: status.workflowId,
    temporalRunId: 'first',
    status: state === 'running' ? null : status,
    failure,
  }
}
