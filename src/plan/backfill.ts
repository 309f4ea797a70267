import { ConfigInvalid } from '../errors/config-invalid.ts'
import { isoOf, periodOf, resolveInstant, rhythmOfKind, runKeyOf, type TimedPipeline, zoneOf } from './period.ts'
import { endAfter, endNotAfter, type Rhythm } from './rhythm.ts'

/** A period that was over, and the run that closes it. */
export interface PastPeriod {
  readonly period: string
  /** ISO 8601, UTC: its end. */
  readonly asOf: string
  readonly runKey: string
}

const YEAR_MS = 366 * 24 * 60 * 60 * 1000

/**
 * The periods between two, both with them, in order.
 *
 * @param from a period, `2025-Q4`, or a date or instant that is not after its end
 * @param to the same; not before the end of the last period
 * @throws ConfigInvalid for what is neither, a pipeline without a schedule, or no period between them
 */
export function periodsBetween(pipeline: TimedPipeline, from: string, to: string): readonly PastPeriod[] {
  const rhythm = rhythmOfKind(pipeline, 'refit')
  if (!rhythm)
    throw new ConfigInvalid(
      `Pipeline ${pipeline.pipeline} has no schedule, and so no periods.`,
      'Give it one, `schedule: { refit: quarter }`; it acts only once it is deployed.',
    )
  const zone = zoneOf(pipeline)
  const [first, last] = [boundOf(pipeline, rhythm, from), boundOf(pipeline, rhythm, to)]
  const found: PastPeriod[] = []
  for (let end = endAfter(rhythm, zone, first - 1); end <= last; end = endAfter(rhythm, zone, end)) {
    const asOf = isoOf(end)
    found.push({ period: periodOf(pipeline, asOf), asOf, runKey: runKeyOf(pipeline, asOf) })
  }
  if (found.length > 0) return found
  throw new ConfigInvalid(
    `No period of pipeline ${pipeline.pipeline} ends from ${from} to ${to}.`,
    `The last one before is ${periodOf(pipeline, isoOf(endNotAfter(rhythm, zone, last)))}.`,
  )
}

function boundOf(pipeline: TimedPipeline, rhythm: Rhythm, text: string): number {
  const instant = resolveInstant(pipeline, text)
  if (instant !== null) return Date.parse(instant)
  const zone = zoneOf(pipeline)
  const year = /^(?:FY(\d\d)|(\d{4}))-(?:Q[1-4]|W\d\d|\d\d)$/.exec(text)
  const begin = year ? Date.UTC(Number(year[2] ?? `20${year[1]}`) - 1, 0) : Infinity
  for (let end = begin; end < begin + 3 * YEAR_MS; end = endAfter(rhythm, zone, end))
    if (periodOf(pipeline, isoOf(end)) === text) return end
  throw new ConfigInvalid(
    `"${text}" is neither a period of pipeline ${pipeline.pipeline}, nor a date or an instant with its offset.`,
    `Write it as ${periodOf(pipeline, isoOf(endNotAfter(rhythm, zone, Date.UTC(2026, 10))))}, or as 2026-10-01.`,
  )
}
