import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { addDays, instantOfWall, wallOfInstant, type WallTime } from '../../src/plan/wall-clock.ts'

const rows = JSON.parse(readFileSync(new URL('wall-clock.json', import.meta.url), 'utf8')) as [string, string, string][]

describe('the instant of a time on the wall', () => {
  // Expected by Python's zoneinfo: wall-clock.py writes the file.
  it('is the first that shows it, and the change of clocks where none does, in every zone with odd ones', () => {
    const wrong = rows.filter(([zone, wall, instant]) => instantOfWall(zone, wallOf(wall)) !== Date.parse(instant))
    expect(wrong).toEqual([])
    expect(new Set(rows.map(([zone]) => zone)).size).toBeGreaterThan(20)
  })

  it('never goes back from one day to the next, whatever the zone', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...Intl.supportedValuesOf('timeZone')),
        fc.integer({ min: 0, max: 60 * 366 }),
        (zone, days) => {
          const day = addDays({ year: 1990, month: 1, day: 1, hour: 0, minute: 0 }, days)
          const [begin, end] = [instantOfWall(zone, day), instantOfWall(zone, addDays(day, 1))]
          // Samoa and Kiribati jumped over a day, which then begins where the next one does.
          expect(end - begin).toBeGreaterThanOrEqual(0)
          expect(end - begin).toBeLessThanOrEqual(49 * 3_600_000)
          const shown = wallOfInstant(zone, begin)
          expect(asText(shown) >= asText(day)).toBe(true)
        },
      ),
      { numRuns: 1_000 },
    )
  })
})

function wallOf(text: string): WallTime {
  const [year, month, day, hour, minute] = text.split(/[-T:]/).map(Number) as [number, number, number, number, number]
  return { year, month, day, hour, minute }
}

function asText({ year, month, day, hour, minute }: WallTime): string {
  return [year, month, day, hour, minute].map((one) => String(one).padStart(4, '0')).join('')
}
