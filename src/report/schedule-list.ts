import { formatInstant } from '../run/figures.ts'
import { formatRunId } from '../run/run-key.ts'
import type { RunState } from '../run/run-status.ts'
import { textTable } from './text-table.ts'

export interface ListedSchedule {
  readonly scheduleId: string
  /** Null: nothing is deployed. */
  readonly nextStart: string | null
  /** Null: none was recorded. */
  readonly lastRun: { readonly runKey: string; readonly revision: number; readonly status: RunState } | null
  readonly pause: { readonly note: string; readonly by: string | null } | null
  readonly isDeployed: boolean
}

/** One line a schedule, and one for each that is paused. */
export function scheduleList(schedules: readonly ListedSchedule[]): readonly string[] {
  if (schedules.length === 0) return ['No pipeline has a schedule.']
  const table = textTable(
    [{ title: 'Schedule' }, { title: 'Next start' }, { title: 'Last run' }, { title: 'Outcome' }],
    schedules.map(({ scheduleId, nextStart, lastRun, pause, isDeployed }) => [
      scheduleId,
      !isDeployed ? 'not deployed' : pause ? 'paused' : nextStart === null ? 'never' : formatInstant(nextStart),
      lastRun ? formatRunId(lastRun) : '–',
      lastRun?.status ?? '–',
    ]),
  )
  const pauses = schedules.flatMap(({ scheduleId, pause }) =>
    pause
      ? [`${scheduleId} is paused by ${pause.by ?? 'somebody in the Temporal UI'}: ${pause.note || 'no reason'}`]
      : [],
  )
  return pauses.length > 0 ? [...table, '', ...pauses] : table
}

export interface ShownStart {
  readonly kind: string
  readonly period: string
  readonly runKey: string
  /** ISO 8601, UTC. */
  readonly startsAt: string
  /** ISO 8601 with the offset of the pipeline's zone. */
  readonly startsAtLocal: string
  readonly asOf: string
}

/** The next starts of a pipeline, in its zone and in UTC. */
export function startList(zone: string, starts: readonly ShownStart[]): readonly string[] {
  return textTable(
    [
      { title: `Starts (${zone})` },
      { title: 'UTC' },
      { title: 'Kind' },
      { title: 'Period' },
      { title: 'As-of (UTC)' },
      { title: 'Run' },
    ],
    starts.map(({ startsAtLocal, startsAt, kind, period, asOf, runKey }) => [
      startsAtLocal.slice(0, 16).replace('T', ' '),
      startsAt.slice(0, 16).replace('T', ' '),
      kind,
      period,
      asOf.slice(0, 16).replace('T', ' '),
      runKey,
    ]),
  )
}
