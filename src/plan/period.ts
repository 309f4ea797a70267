import { DateTime } from 'luxon'
import { ConfigInvalid } from '../errors/config-invalid.ts'
import { formatRunKey } from '../run/run-key.ts'
import type { RecordedKind, RunKind } from '../run/run-kind.ts'
import type { Pipeline } from './pipeline.ts'

/** The zone of a pipeline's periods and run keys. @throws ConfigInvalid when no such zone exists */
export function zoneOf(pipeline: Pipeline): string {
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
export function resolveAsOf(pipeline: Pipeline, asOf: string): string {
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
export function resolveInstant(pipeline: Pipeline, written: string): string | null {
  const zone = zoneOf(pipeline)
  const isDate = /^\d{4}-\d{2}-\d{2}$/.test(written)
  const isInstant = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.0{1,9})?)?(Z|[+-]\d{2}:\d{2})$/.test(written)
  const instant = isDate ? DateTime.fromISO(written, { zone }).startOf('day') : DateTime.fromISO(written)
  return (isDate || isInstant) && instant.isValid ? toUtc(instant) : null
}

/**
 * The end of the newest period that is over at `instant`: what a run looks from that starts then, however late. Those of score runs are
 * days where the schedule says nothing else.
 *
 * @throws ConfigInvalid when a refit is asked for and the pipeline has no schedule, and so no periods
 */
export function lastPeriodEnd(pipeline: Pipeline, instant: string, kind: RunKind = 'refit'): string {
  const local = DateTime.fromISO(instant).setZone(zoneOf(pipeline))
  if (kind === 'score') return toUtc(local.startOf(pipeline.schedule?.score ?? 'day'))
  if (!pipeline.schedule)
    throw new ConfigInvalid(
      `Pipeline ${pipeline.pipeline} has no schedule, so a run of it needs an as-of.`,
      'Give one: `asOf` in the argument, or --as-of 2026-10-01.',
    )
  return toUtc(local.startOf(pipeline.schedule.refit))
}

/** `shop@2026-10-01`, with the time when the as-of is not the start of a day in the pipeline's zone: `shop@2026-10-01T0600`. */
export function runKeyOf(pipeline: Pipeline, asOf: string, kind: RecordedKind = 'refit'): string {
  return formatRunKey(pipeline.pipeline, localDay(pipeline, asOf), kind)
}

/** What an as-of closes: `2026-Q3`, `2026-09`; the as-of itself where it closes no period of the schedule. */
export function periodOf(pipeline: Pipeline, asOf: string): string {
  const local = DateTime.fromISO(asOf).setZone(zoneOf(pipeline))
  const refit = pipeline.schedule?.refit
  if (!refit || local.toMillis() !== local.startOf(refit).toMillis()) return localDay(pipeline, asOf)
  return local.minus({ days: 1 }).toFormat(refit === 'quarter' ? "yyyy-'Q'q" : 'yyyy-MM')
}

function localDay(pipeline: Pipeline, asOf: string): string {
  const local = DateTime.fromISO(asOf).setZone(zoneOf(pipeline))
  // Where summer time begins at midnight the day starts at 01:00.
  if (local.toMillis() === local.startOf('day').toMillis()) return local.toFormat('yyyy-MM-dd')
  return local.toFormat(local.second === 0 ? "yyyy-MM-dd'T'HHmm" : "yyyy-MM-dd'T'HHmmss")
}

function toUtc(instant: DateTime): string {
  return instant.toUTC().toFormat("yyyy-MM-dd'T'HH:mm:ss'Z'")
}
