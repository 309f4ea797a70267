import type { RunKind } from '../run/run-kind.ts'
import { isoOf, periodOf, rhythmOfKind, runKeyOf, type TimedPipeline, zoneOf } from './period.ts'
import { endAfter, endNotAfter, type Rhythm } from './rhythm.ts'
import { instantOfWall, wallOfInstant } from './wall-clock.ts'

/** One run that a schedule will start. Instants are ISO 8601, UTC. */
export interface PlannedStart {
  readonly kind: RunKind
  readonly startsAt: string
  readonly asOf: string
  readonly period: string
  readonly runKey: string
}

/** The kinds of runs that a pipeline's schedule starts. */
export function scheduledKinds({ schedule }: Pick<TimedPipeline, 'schedule'>): readonly RunKind[] {
  if (!schedule) return []
  return schedule.score === undefined ? ['refit'] : ['refit', 'score']
}

/**
 * The runs of one kind that start after an instant, in order, without end. A score run gives way to the refit of the same instant: that
 * one places everybody as well.
 */
export function* plannedStarts(pipeline: TimedPipeline, kind: RunKind, after: string): Generator<PlannedStart, never> {
  const zone = zoneOf(pipeline)
  const rhythm = rhythmOfKind(pipeline, kind)!
  const refit = rhythmOfKind(pipeline, 'refit')!
  const startOf = (end: number, of: Rhythm): number => startAfterEnd(pipeline, of, end)
  const isRefit = (start: number): boolean => startOf(endNotAfter(refit, zone, start), refit) === start
  for (let end = endNotAfter(rhythm, zone, Date.parse(after)); ; end = endAfter(rhythm, zone, end)) {
    const start = startOf(end, rhythm)
    if (start <= Date.parse(after) || (kind === 'score' && isRefit(start))) continue
    const asOf = isoOf(end)
    yield {
      kind,
      startsAt: isoOf(start),
      asOf,
      period: periodOf(pipeline, asOf),
      runKey: runKeyOf(pipeline, asOf, kind),
    }
  }
}

/** The first starts of all kinds after an instant, in order. */
export function nextStarts(pipeline: TimedPipeline, after: string, count: number): readonly PlannedStart[] {
  const starts = scheduledKinds(pipeline).flatMap((kind) => startsUntil(pipeline, kind, after, { count }))
  return starts.sort((a, b) => compareText(a.startsAt, b.startsAt) || compareText(a.kind, b.kind)).slice(0, count)
}

export function startsUntil(
  pipeline: TimedPipeline,
  kind: RunKind,
  after: string,
  { until, count = Infinity }: { readonly until?: string; readonly count?: number },
): PlannedStart[] {
  const found: PlannedStart[] = []
  for (const start of plannedStarts(pipeline, kind, after)) {
    if (found.length >= count || (until !== undefined && start.startsAt > until)) break
    found.push(start)
  }
  return found
}

/** When the run starts that looks from the end of a period. */
function startAfterEnd(pipeline: TimedPipeline, rhythm: Rhythm, end: number): number {
  if ('cron' in rhythm) return end
  const zone = zoneOf(pipeline)
  const [hour, minute] = pipeline.schedule!.at.split(':').map(Number) as [number, number]
  return Math.max(end, instantOfWall(zone, { ...wallOfInstant(zone, end), hour, minute }))
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

const DAY_MS = 24 * 60 * 60 * 1000
/** Two years of months, six of quarters; of cron expressions a good part of their times. */
const COMPARED_PERIODS = 24

/** How many days may lie between two refits. */
export function longestPeriodDays(pipeline: TimedPipeline): number {
  const starts = startsUntil(pipeline, 'refit', '2026-01-01T00:00:00Z', { count: COMPARED_PERIODS })
  const gaps = starts.slice(1).map(({ asOf }, index) => Date.parse(asOf) - Date.parse(starts[index]!.asOf))
  return Math.max(1, Math.round(Math.max(...gaps) / DAY_MS))
}
