import { DateTime } from 'luxon'
import { ConfigInvalid } from '../errors/config-invalid.ts'
import { formatRunKey } from '../run/run-key.ts'
import type { RecordedKind, RunKind } from '../run/run-kind.ts'
import type { Pipeline } from './pipeline.ts'
import { endNotAfter, periodName, type Rhythm, rhythmOf } from './rhythm.ts'
import { instantOfWall, wallOfInstant } from './wall-clock.ts'

/** What decides when a pipeline's periods end. */
export type TimedPipeline = Pick<Pipeline, 'pipeline' | 'timezone' | 'schedule'>

/** The zone of a pipeline's periods and run keys. @throws ConfigInvalid when no such zone exists */
export function zoneOf(pipeline: TimedPipeline): string {
  const zone = pipeline.timezone ?? pipeline.schedule?.timezone ?? 'UTC'
  if (!DateTime.utc().setZone(zone).isValid)
    throw new ConfigInvalid(
      `Time zone "${zone}" of pipeline ${pipeline.pipeline} is unknown.`,
      'Use a name of the IANA list: Europe/Berlin, America/New_York, UTC.',
    )
  return zone
}

/**
 * The instant a run looks from.
 *
 * @param asOf ISO instant with its offset, or a date: the start of that day in the pipeline's zone
 * @returns ISO 8601, UTC, whole seconds
 * @throws ConfigInvalid
 */
export function resolveAsOf(pipeline: TimedPipeline, asOf: string): string {
  const instant = resolveInstant(pipeline, asOf)
  if (instant === null)
    throw new ConfigInvalid(
      `As-of "${asOf}" is neither a date nor an instant with its offset, to the second.`,
      'Write it as 2026-10-01 (the start of that day in the zone of the pipeline) or 2026-10-01T06:00:00Z.',
    )
  return instant
}

/**
 * @param written ISO instant with its offset, or a date: the start of that day in the pipeline's zone
 * @returns ISO 8601, UTC, whole seconds; null for anything else
 */
export function resolveInstant(pipeline: TimedPipeline, written: string): string | null {
  const zone = zoneOf(pipeline)
  const isDate = /^\d{4}-\d{2}-\d{2}$/.test(written)
  const isInstant = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.0{1,9})?)?(Z|[+-]\d{2}:\d{2})$/.test(written)
  const instant = DateTime.fromISO(written, { zone: isDate ? 'utc' : zone })
  if (!(isDate || isInstant) || !instant.isValid) return null
  return isoOf(isDate ? startOfDay(zone, instant) : instant.toMillis())
}

/**
 * The end of the newest period that is over at `instant`: what a run looks from that starts then, however late. Those of score runs are
 * days where the schedule says nothing else.
 *
 * @throws ConfigInvalid when a refit is asked for and the pipeline has no schedule, and so no periods
 */
export function lastPeriodEnd(pipeline: TimedPipeline, instant: string, kind: RunKind = 'refit'): string {
  const rhythm = rhythmOfKind(pipeline, kind)
  if (!rhythm)
    throw new ConfigInvalid(
      `Pipeline ${pipeline.pipeline} has no schedule, so a run of it needs an as-of.`,
      'Give one: `asOf` in the argument, or --as-of 2026-10-01.',
    )
  return isoOf(endNotAfter(rhythm, zoneOf(pipeline), Date.parse(instant)))
}

/** @returns undefined: the pipeline has no such runs on a schedule; score runs that people start look from the start of a day */
export function rhythmOfKind({ schedule }: TimedPipeline, kind: RunKind): Rhythm | undefined {
  if (kind === 'score') return rhythmOf(schedule?.score ?? 'day')
  return schedule && rhythmOf(schedule.refit, schedule.firstMonth)
}

/** `shop@2026-10-01`, with the time when the as-of is not the start of a day in the pipeline's zone: `shop@2026-10-01T0600`. */
export function runKeyOf(pipeline: TimedPipeline, asOf: string, kind: RecordedKind = 'refit'): string {
  return formatRunKey(pipeline.pipeline, localDay(pipeline, asOf), kind)
}

/** What an as-of closes: `2026-Q3`, `FY27-Q1`, `2026-09`, `2026-W40`; the as-of itself where it closes no period of the schedule. */
export function periodOf(pipeline: TimedPipeline, asOf: string): string {
  const rhythm = rhythmOfKind(pipeline, 'refit')
  const zone = zoneOf(pipeline)
  const instant = Date.parse(asOf)
  const isEnd = rhythm !== undefined && endNotAfter(rhythm, zone, instant) === instant
  return (isEnd ? periodName(rhythm, wallOfInstant(zone, instant)) : undefined) ?? localDay(pipeline, asOf)
}

function localDay(pipeline: TimedPipeline, asOf: string): string {
  const zone = zoneOf(pipeline)
  const local = DateTime.fromISO(asOf).setZone(zone)
  // Where summer time begins at midnight the day starts at 01:00.
  if (local.toMillis() === startOfDay(zone, local)) return local.toFormat('yyyy-MM-dd')
  return local.toFormat(local.second === 0 ? "yyyy-MM-dd'T'HHmm" : "yyyy-MM-dd'T'HHmmss")
}

function startOfDay(zone: string, { year, month, day }: DateTime): number {
  return instantOfWall(zone, { year, month, day, hour: 0, minute: 0 })
}

/** ISO 8601 with the offset of the pipeline's zone. */
export function localIso(pipeline: TimedPipeline, instant: string): string {
  return DateTime.fromISO(instant).setZone(zoneOf(pipeline)).toISO({ suppressMilliseconds: true })!
}

/** ISO 8601, UTC, whole seconds. */
export function isoOf(instantMs: number): string {
  return DateTime.fromMillis(instantMs, { zone: 'utc' }).toFormat("yyyy-MM-dd'T'HH:mm:ss'Z'")
}
