import type { ClosedPeriod } from '../run/segment-kpi.ts'
import { isoOf, rhythmOfKind, type TimedPipeline, zoneOf } from './period.ts'
import { endNotAfter, periodName, rhythmOf } from './rhythm.ts'
import { wallOfInstant } from './wall-clock.ts'

/**
 * The newest periods that are over at an instant, the newest first, each beginning where the one after it in the list ends: those of the
 * schedule; of a pipeline without one, quarters of the calendar.
 *
 * @param asOf ISO 8601, UTC
 */
export function closedPeriods(pipeline: TimedPipeline, asOf: string, count: number): readonly ClosedPeriod[] {
  const rhythm = rhythmOfKind(pipeline, 'refit') ?? rhythmOf('quarter')
  const zone = zoneOf(pipeline)
  const periods: ClosedPeriod[] = []
  let end = endNotAfter(rhythm, zone, Date.parse(asOf))
  for (let i = 0; i < count; i++) {
    const start = endNotAfter(rhythm, zone, end - 1)
    const wall = wallOfInstant(zone, end)
    const ofDay = [wall.year, wall.month, wall.day].map((part) => String(part).padStart(2, '0')).join('-')
    periods.push({ name: periodName(rhythm, wall) ?? `until ${ofDay}`, start: isoOf(start), end: isoOf(end) })
    end = start
  }
  return periods
}
