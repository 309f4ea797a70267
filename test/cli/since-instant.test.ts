import { describe, expect, it } from 'vitest'
import { sinceInstant } from '../../src/cli/since-instant.ts'

describe('--since', () => {
  it.each([
    ['2026-10-01', '2026-10-01T00:00:00.000Z'],
    ['2026-10-01T02:00:00+02:00', '2026-10-01T00:00:00.000Z'],
  ])('%s is an instant', (text, instant) => expect(sinceInstant(text)).toBe(instant))

  it('of a span counts back from now', () => {
    const before = Date.now() - 7 * 86_400_000
    const instant = Date.parse(sinceInstant('7 days'))
    expect(instant).toBeGreaterThanOrEqual(before)
    expect(instant).toBeLessThanOrEqual(Date.now() - 7 * 86_400_000)
  })

  it.each(['', 'yesterday', '7', '0 days', '2026-13-01', '2026-10-01T00:00'])('%j is refused', (text) =>
    expect(() => sinceInstant(text)).toThrow('is wanted'),
  )
})
