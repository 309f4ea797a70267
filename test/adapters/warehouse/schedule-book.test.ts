import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { watchExpectedRuns } from '../../../src/activities/watch-expected-runs.ts'
import { makeScheduleBook } from '../../../src/adapters/warehouse/schedule-book.ts'
import { DeployConflict } from '../../../src/errors/deploy-conflict.ts'
import type { DeployedSchedule } from '../../../src/plan/deployed-schedule.ts'
import { owedStarts } from '../../../src/plan/owed-starts.ts'
import type { Pipeline } from '../../../src/plan/pipeline.ts'
import { type Schedule, scheduleConfig } from '../../../src/plan/schedule.ts'
import type { ScheduleBook } from '../../../src/ports/schedule-book.ts'
import { stalenessOf } from '../../../src/run/expected-run.ts'
import { openFreshSchema, type FreshSchema } from './fresh-schema.ts'

const DAY_MS = 24 * 60 * 60 * 1000

/** Daily in UTC, so that the runs of the last days are due in any test. */
function deployed(schedule: Partial<Schedule> = {}): DeployedSchedule {
  const timed = {
    pipeline: 'shop',
    schedule: scheduleConfig.parse({ refit: { cron: '0 0 * * *' }, deadline: '6h', ...schedule }),
  } as Pick<Pipeline, 'pipeline' | 'timezone' | 'schedule'>
  return { scheduleId: 'resegment-dev-shop', pipeline: 'shop', purpose: 'refit', timed, facts: { starts: 'daily' } }
}

/** Midnight, so many days before the last one. */
function midnight(daysAgo: number): string {
  return new Date(Math.floor(Date.now() / DAY_MS) * DAY_MS - daysAgo * DAY_MS).toISOString().replace('.000', '')
}

const keyOf = (daysAgo: number): string => `shop@${midnight(daysAgo).slice(0, 10)}`

describe('the book of schedules', () => {
  let target: FreshSchema
  let book: ScheduleBook

  beforeAll(async () => {
    target = await openFreshSchema()
    book = makeScheduleBook(target)
  })
  afterAll(async () => {
    await book.close()
    await target.close()
  })
  afterEach(() => target.clear())

  /** As if it had been deployed some days ago, and nobody had looked since. */
  async function deployDaysAgo(days: number): Promise<void> {
    await book.record(deployed(), 'ann', [])
    await target.query(
      `update deployed_schedule set deployed_at = '${midnight(days)}'::timestamptz + interval '1 hour'`,
    )
  }

  async function record(daysAgo: number, status: string, revision = 1, kind = 'refit'): Promise<void> {
    const out = status === 'published' ? 'now()' : 'null'
    await target.query(`insert into run (run_key, revision, pipeline, kind, period, as_of, status, definition_hash, seed,
      code_version, workflow_id, temporal_run_id, published_at) values ('${keyOf(daysAgo)}', ${revision}, 'shop', '${kind}', 'p',
      '${midnight(daysAgo)}', '${status}', 'h', 1, 'v', 'w', 't', ${out})`)
  }

  const states = async (): Promise<string[]> =>
    (await book.dueRuns('shop')).map(({ runKey, state, isOverdue }) => `${runKey} ${state}${isOverdue ? '!' : ''}`)

  const now = (): string => new Date().toISOString()

  it('keeps one deployment of a schedule, and forgets what the one before owed from now on', async () => {
    const owed = owedStarts(deployed().timed!, 'refit', { after: now(), now: now() })
    expect(owed).toHaveLength(400)
    await book.record(deployed(), 'ann', owed)
    await book.record({ ...deployed(), facts: { starts: 'otherwise' } }, 'bob', owed.slice(0, 2))
    expect(await book.deployed()).toMatchObject([
      { ...deployed(), facts: { starts: 'otherwise' }, expectedUntil: owed[1]!.startsAt.replace('Z', '.000Z') },
    ])
    expect(await target.countOf('deployed_schedule')).toBe(2)
    expect(await target.query('select distinct state from expected_runs')).toEqual([{ state: 'planned' }])
    await book.forget('resegment-dev-shop')
    expect([await book.deployed(), await target.countOf('expected_run')]).toEqual([[], 0])
  })

  it('finds the runs that nobody started while nobody looked, whatever became of the schedule in Temporal', async () => {
    await deployDaysAgo(3)
    const { raised } = await watchExpectedRuns(book, now())
    const [yesterday, today] = [keyOf(1), keyOf(0)]
    expect((await states()).slice(0, 2)).toEqual([`${keyOf(2)} missed!`, `${yesterday} missed!`])
    expect(raised.map(({ kind, runKey }) => [kind, runKey])).toEqual(
      // In the first hour of a day today's run may still come.
      expect.arrayContaining([['stale', keyOf(2)]]),
    )
    expect((await states())[2]).toMatch(new RegExp(`^${today} (waiting|missed)`))
    expect(stalenessOf(await book.dueRuns(undefined))).toMatchObject([
      { pipeline: 'shop', isStale: true, owed: { runKey: keyOf(2) } },
    ])
  })

  it('raises an alarm once, and clears it when the run is out', async () => {
    await deployDaysAgo(2)
    const missed = (await watchExpectedRuns(book, now())).raised
    expect(missed.map(({ kind }) => kind)).toContain('stale')
    expect(await watchExpectedRuns(book, now())).toEqual({ raised: [], cleared: [] })
    await record(1, 'published')
    await record(0, 'published')
    expect(await states()).toEqual([`${keyOf(1)} published`, `${keyOf(0)} published`])
    const { cleared } = await watchExpectedRuns(book, now())
    expect(cleared).toEqual(missed)
    expect(await target.query('select count(*)::int as open from alarms where cleared_at is null')).toEqual([
      { open: 0 },
    ])
    // What is live now will be stale when tomorrow's run is not out by its deadline, six hours after midnight.
    const [row] = await target.query<{ stale_after: Date }>(
      `select stale_after from runs where run_key = '${keyOf(0)}'`,
    )
    expect(row!.stale_after.toISOString()).toBe(midnight(-1).replace('T00:00:00Z', 'T06:00:00.000Z'))
  })

  it('has people told of an alarm until they were, and of its end only where they were told of it', async () => {
    await deployDaysAgo(2)
    await watchExpectedRuns(book, now())
    const untold = async (): Promise<string[]> =>
      (await book.untoldAlarms()).map(({ kind, isOver }) => `${kind}${isOver ? ' over' : ''}`)
    const [stale] = (await book.untoldAlarms()).filter(({ kind }) => kind === 'stale')
    expect(stale).toMatchObject({ runKey: keyOf(1), raisedAt: expect.stringMatching(/Z$/) as string, isOver: false })
    await book.markTold(stale!)
    expect(await untold()).not.toContain('stale')
    await record(1, 'published')
    await record(0, 'published')
    await watchExpectedRuns(book, now())
    expect(await untold()).toEqual(['stale over'])
    await book.markTold({ ...stale!, isOver: true })
    expect(await untold()).toEqual([])
  })

  it.each([
    ['failed', 'failed', 'failed'],
    ['held', 'held', 'held'],
    ['running', 'late', 'late'],
  ])('tells a run that is %s past its deadline', async (status, state, kind) => {
    await deployDaysAgo(2)
    // The newest one that was due: as if today's were not owed.
    await watchExpectedRuns(book, now())
    await target.query(`delete from expected_run where run_key = '${keyOf(0)}'`)
    await record(1, status)
    await target.query(`update deployed_schedule set removed_at = now()`)
    expect(await states()).toEqual([`${keyOf(1)} ${state}!`])
    await watchExpectedRuns(book, now())
    const open = await target.query<{ kind: string }>('select kind from alarms where cleared_at is null order by kind')
    expect(open.map((alarm) => alarm.kind)).toEqual([kind, 'stale'].sort())
  })

  it('takes the revision that is out, and lets a later publication end the alarms of an earlier run', async () => {
    await deployDaysAgo(3)
    await watchExpectedRuns(book, now())
    await record(2, 'failed', 2)
    await record(2, 'published', 1)
    expect((await states())[0]).toBe(`${keyOf(2)} published`)
    await record(0, 'published')
    const due = await book.dueRuns('shop')
    expect(due[1]).toMatchObject({ state: 'missed', isOverdue: false, overtakenBy: keyOf(0) })
    await watchExpectedRuns(book, now())
    expect(await target.query('select count(*)::int as open from alarms where cleared_at is null')).toEqual([
      { open: 0 },
    ])
  })

  it('does not take a score run for the refit that it is owed', async () => {
    await deployDaysAgo(2)
    await record(0, 'published', 1, 'score')
    await target.query(`update run set run_key = run_key || '.score'`)
    await watchExpectedRuns(book, now())
    expect((await states())[0]).toBe(`${keyOf(1)} missed!`)
  })

  it('lets one deploy at a time', async () => {
    const other = makeScheduleBook(target)
    await book.exclusively(async () => {
      await expect(other.exclusively(() => Promise.resolve())).rejects.toThrow(DeployConflict)
    })
    await expect(book.exclusively(() => Promise.reject(new Error('Broken.')))).rejects.toThrow('Broken.')
    expect(await other.exclusively(() => Promise.resolve('free'))).toBe('free')
    await other.close()
  })

  it('keeps who did what to a schedule and why', async () => {
    const event = { scheduleId: 'resegment-dev-shop', pipeline: 'shop', by: 'ann', reason: 'Stocktaking' }
    await book.recordEvent({ ...event, event: 'paused' })
    await book.recordEvent({ ...event, event: 'paused', reason: 'Moving' })
    await book.recordEvent({ ...event, event: 'resumed' })
    expect(await book.newestEvents('paused')).toMatchObject([{ by: 'ann', reason: 'Moving' }])
    expect(await target.countOf('schedule_events')).toBe(3)
  })
})
