import { describe, expect, it } from 'vitest'
import { worstOutcome } from '../../../src/run/verdict.ts'
import { checkGates } from '../../../src/stages/validate/check-gates.ts'
import type { GateFacts } from '../../../src/stages/validate/check-gates.ts'
import { validateConfig } from '../../../src/stages/validate/config.ts'

const facts: GateFacts = {
  segments: [
    { segmentKey: 'shop-1', name: 'Frequent', customers: 600 },
    { segmentKey: 'shop-2', name: 'Lapsed', customers: 390 },
    { segmentKey: 'shop-3', name: 'New', customers: 1_010 },
  ],
  customers: 2_000,
  cleanRows: 12_345,
  panel: 1_500,
  published: { runId: 'shop@2026-07-01~1', cleanRows: 10_000, moved: 150 },
}

describe('checkGates', () => {
  const defaults = validateConfig.parse({})

  it('says every figure in a sentence', () => {
    expect(
      checkGates(defaults, facts).map(({ gate, value, outcome, message }) => [gate, value, outcome, message]),
    ).toEqual([
      [
        'membershipChurn',
        0.1,
        'pass',
        '150 of the 1,500 customers present in both (10.0 %) changed their segment since shop@2026-07-01~1.',
      ],
      ['smallestSegment', 0.195, 'pass', 'Smallest segment shop-2 (Lapsed) has 390 of 2,000 customers (19.5 %).'],
      ['largestSegment', 0.505, 'pass', 'Largest segment shop-3 (New) has 1,010 of 2,000 customers (50.5 %).'],
      [
        'rowCountChange',
        expect.closeTo(0.2345, 10),
        'pass',
        '12,345 rows after cleansing, 23.4 % more than the 10,000 of shop@2026-07-01~1.',
      ],
    ])
  })

  it('takes the worst threshold that is crossed, and names it', () => {
    const config = validateConfig.parse({
      membershipChurn: { warn: { above: 0.01 }, hold: { above: 0.05 }, fail: { above: 0.2 } },
      rowCountChange: { warn: { above: 0.2 } },
    })
    const checks = checkGates(config, facts)
    expect(checks[0]).toMatchObject({ outcome: 'hold', threshold: 'above 0.05' })
    expect(checks[0]!.message).toMatch(/Outcome hold: above 5 %\.$/)
    expect(checks[3]).toMatchObject({ outcome: 'warn', threshold: 'above 0.2' })
  })

  it('does not cross a threshold that is only reached', () => {
    const config = validateConfig.parse({
      membershipChurn: { hold: { above: 0.1 } },
      smallestSegment: { hold: { below: 0.195 } },
    })
    expect(checkGates(config, facts).map(({ outcome }) => outcome)).toEqual(['pass', 'pass', 'pass', 'pass'])
  })

  it('cannot compute changes on a first run, which holds nothing', () => {
    const checks = checkGates(defaults, { ...facts, panel: 0, published: null })
    expect(checks.map(({ gate, value, outcome }) => [gate, value, outcome])).toEqual([
      ['membershipChurn', null, 'not-computable'],
      ['smallestSegment', 0.195, 'pass'],
      ['largestSegment', 0.505, 'pass'],
      ['rowCountChange', null, 'not-computable'],
    ])
    expect(worstOutcome(checks.map(({ outcome }) => outcome))).toBe('not-computable')
  })

  it('cannot compute churn when no customer is in both', () => {
    expect(checkGates(defaults, { ...facts, panel: 0 })[0]).toMatchObject({ value: null, outcome: 'not-computable' })
  })

  it('holds by default for a tiny segment, a lost third of the rows, and churn above 35 %', () => {
    const bad = checkGates(defaults, {
      ...facts,
      segments: [
        { segmentKey: 'shop-1', name: 'All', customers: 1_990 },
        { segmentKey: 'shop-2', name: 'Few', customers: 10 },
      ],
      cleanRows: 6_999,
      published: { ...facts.published!, moved: 600 },
    })
    expect(bad.map(({ outcome }) => outcome)).toEqual(['hold', 'hold', 'warn', 'hold'])
    expect(bad[3]!.message).toContain('6,999 rows after cleansing, 30.0 % fewer than the 10,000')
  })
})
