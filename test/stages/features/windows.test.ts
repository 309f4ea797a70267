import { expect, it } from 'vitest'
import { windowStart } from '../../../src/plan/windows.ts'

it.each([
  // Midnight in Berlin is 22:00 UTC in summer and 23:00 in winter: a window of days goes from midnight to midnight.
  ['2026-09-30T22:00:00Z', '90 days', 'Europe/Berlin', '2026-07-02T22:00:00.000Z'],
  ['2026-11-30T23:00:00Z', '90 days', 'Europe/Berlin', '2026-09-01T22:00:00.000Z'],
  ['2026-09-30T22:00:00Z', '12 months', 'Europe/Berlin', '2025-09-30T22:00:00.000Z'],
  ['2026-01-01T00:00:00Z', '2 weeks', 'UTC', '2025-12-18T00:00:00.000Z'],
  // No 31 February: the last day of the month.
  ['2026-03-31T00:00:00Z', '1 months', 'UTC', '2026-02-28T00:00:00.000Z'],
])('a window before %s of %s in %s begins at %s', (asOf, window, timezone, start) => {
  expect(windowStart(asOf, window, timezone)).toBe(start)
})
