import { describe, expect, it } from 'vitest'
import { worstOutcome } from '../../../src/run/verdict.ts'
import { checkGates as checkAll, type GateFacts } from '../../../src/stages/validate/check-gates.ts'
import { validateConfig } from '../../../src/stages/validate/config.ts'
import { facts } from './gate-facts.ts'

/** Those of the comparison have tests of their own: see comparison.test.ts. */
const ofComparison = ['agreement', 'featureDrift', 'shareDrift', 'kpiMix', 'massChange']
const checkGates = (...of: Parameters<typeof checkAll>) =>
  checkAll(...of).filter(({ gate }) => !ofComparison.includes(gate))

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
        'rowCount',
        expect.closeTo(0.2345, 10),
        'pass',
        '12,345 rows after cleansing, 23.4 % more than the 10,000 of shop@2026-07-01~1.',
      ],
      [
        'sourceRowChange',
        expect.closeTo(0.025, 10),
        'pass',
        '2,050 rows were read of source customers, 2.5 % more than the 2,000 of shop@2026-07-01~1.',
      ],
      [
        'newLevels',
        0.0075,
        'pass',
        '15 of 2,000 customers (0.8 %) have a level that shop@2026-07-01~1 did not know: preferredChannel "kiosk" (12), geography "XK" (2), geography "AX" (1) and 2 more.',
      ],
      [
        'stability',
        0.8,
        'pass',
        'Segment shop-2 (Lapsed) comes back least when customers are drawn anew: an overlap of 80.0 % (Jaccard).',
      ],
      [
        'clusterability',
        0.71,
        'pass',
        'Segments of one half of the customers predict the weakest of the other half by 71.0 %. Along the main direction there are several peaks (dip test, p 0.012). Hopkins statistic 0.97.',
      ],
    ])
  })

  it('takes the worst threshold that is crossed, and names it', () => {
    const config = validateConfig.parse({
      membershipChurn: { warn: { above: 0.01 }, hold: { above: 0.05 }, fail: { above: 0.2 } },
      rowCount: { warn: { above: 0.2 } },
    })
    const checks = checkGates(config, facts)
    expect(checks[0]).toMatchObject({ outcome: 'hold', threshold: 'above 0.05' })
    expect(checks[0]!.message).toMatch(/Outcome hold: above 5 %\.$/)
    expect(checks[3]).toMatchObject({ outcome: 'warn', threshold: 'above 0.2' })
  })

  it('may have a threshold on each side', () => {
    const config = validateConfig.parse({ rowCount: { hold: { above: 0.2, below: -0.1 } } })
    const of = (cleanRows: number) => checkGates(config, { ...facts, cleanRows })[3]
    expect(of(12_345)).toMatchObject({ outcome: 'hold', threshold: 'above 0.2' })
    expect(of(8_900)).toMatchObject({ outcome: 'hold', threshold: 'below -0.1' })
    expect(of(10_000)).toMatchObject({ outcome: 'pass' })
  })

  it('does not cross a threshold that is only reached', () => {
    const config = validateConfig.parse({
      membershipChurn: { hold: { above: 0.1 } },
      smallestSegment: { hold: { below: 0.195 } },
    })
    expect(new Set(checkGates(config, facts).map(({ outcome }) => outcome))).toEqual(new Set(['pass']))
  })

  it('holds small segments that a fit found, and not those that a definition makes small', () => {
    const [first, ...rest] = facts.segments
    const small = (ownKey: string | null) => ({ ...facts, segments: [{ ...first!, customers: 19, ownKey }, ...rest] })
    const smallest = (of: GateFacts, config = defaults) =>
      checkGates(config, of).flatMap(({ gate, value, outcome }) =>
        gate.startsWith('smallest') ? [[gate, value, outcome]] : [],
      )
    expect(smallest(small(null))).toEqual([['smallestSegment', 0.0095, 'hold']])
    expect(smallest(small('vip'))).toEqual([
      ['smallestSegment', 0.195, 'pass'],
      ['smallestDefinedSegment', 0.0095, 'pass'],
    ])
    const all = { ...facts, segments: facts.segments.map((segment) => ({ ...segment, ownKey: segment.name })) }
    const guarded = validateConfig.parse({ smallestDefinedSegment: { warn: { below: 0.2 } } })
    expect(smallest(all, guarded)).toEqual([
      ['smallestSegment', null, 'not-computable'],
      ['smallestDefinedSegment', 0.195, 'warn'],
    ])
  })

  it('cannot compute changes on a first run, which holds nothing', () => {
    const checks = checkGates(defaults, { ...facts, panel: 0, published: null })
    expect(checks.map(({ gate, value, outcome }) => [gate, value, outcome])).toEqual([
      ['membershipChurn', null, 'not-computable'],
      ['smallestSegment', 0.195, 'pass'],
      ['largestSegment', 0.505, 'pass'],
      ['rowCount', null, 'not-computable'],
      ['sourceRowChange', null, 'not-computable'],
      ['newLevels', null, 'not-computable'],
      ['stability', 0.8, 'pass'],
      ['clusterability', 0.71, 'pass'],
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
        { segmentKey: 'shop-1', name: 'All', customers: 1_990, ownKey: null, stability: 0.9 },
        { segmentKey: 'shop-2', name: 'Few', customers: 10, ownKey: null, stability: 0.9 },
      ],
      cleanRows: 6_999,
      published: { ...facts.published!, moved: 600 },
    })
    expect(bad.map(({ outcome }) => outcome)).toEqual([
      'hold',
      'hold',
      'warn',
      'hold',
      ...Array<string>(4).fill('pass'),
    ])
    expect(bad[3]!.message).toContain('6,999 rows after cleansing, 30.0 % fewer than the 10,000')
  })

  it('finds the source that lost half of its rows, whatever another one gained', () => {
    // By hand: orders − 50 % is on hold; survey + 60 % only warns, though it changed more.
    const [check] = checkGates(defaults, {
      ...facts,
      sourceRows: { orders: 6_500, customers: 2_000, survey: 40 },
      published: { ...facts.published!, sourceRows: { orders: 13_000, customers: 2_000, survey: 25 } },
    }).filter(({ gate }) => gate === 'sourceRowChange')
    expect(check).toEqual({
      gate: 'sourceRowChange',
      value: -0.5,
      outcome: 'hold',
      threshold: 'below -0.3',
      message:
        '6,500 rows were read of source orders, 50.0 % fewer than the 13,000 of shop@2026-07-01~1. Outcome hold: below -30 %.',
    })
  })

  it('cannot compare sources that the published run did not count, and takes none that only one run has', () => {
    const checkOf = (sourceRows: Readonly<Record<string, number>> | null) =>
      checkGates(defaults, { ...facts, published: { ...facts.published!, sourceRows } }).find(
        ({ gate }) => gate === 'sourceRowChange',
      )
    expect(checkOf(null)).toMatchObject({ value: null, outcome: 'not-computable' })
    expect(checkOf({ tickets: 5 })).toMatchObject({ value: null, outcome: 'not-computable' })
    expect(checkOf({ survey: 40, tickets: 5 })).toMatchObject({ value: 0, outcome: 'pass' })
  })

  it('passes unseen levels where there are no categories, and cannot tell where the live model knows none of them', () => {
    const checkOf = (newLevels: Partial<GateFacts['newLevels']>) =>
      checkGates(defaults, {
        ...facts,
        newLevels: { ...facts.newLevels, customers: 0, levels: [], levelCount: 0, ...newLevels },
      }).find(({ gate }) => gate === 'newLevels')
    expect(checkOf({ categories: 0, compared: 0 })).toMatchObject({ value: 0, outcome: 'pass' })
    expect(checkOf({ compared: 0 })).toMatchObject({ value: null, outcome: 'not-computable' })
    expect(checkOf({})).toMatchObject({
      value: 0,
      message: '0 of 2,000 customers (0.0 %) have a level that shop@2026-07-01~1 did not know.',
    })
  })

  const stable = (least: number) =>
    facts.segments.map((segment, i) => (i === 1 ? { ...segment, stability: least } : segment))
  const outcomeOf = (gate: string, changed: Partial<GateFacts>) =>
    checkGates(defaults, { ...facts, ...changed }).find((check) => check.gate === gate)!

  it('warns of segments that hardly come back', () => {
    const outcomes = [0.75, 0.74, 0.6, 0.59].map((least) => outcomeOf('stability', { segments: stable(least) }).outcome)
    expect(outcomes).toEqual(['pass', 'warn', 'warn', 'warn'])
  })

  it('warns of one heap that was cut into segments', () => {
    const clusterability = { hopkins: 0.99, dip: 0.004, dipP: 0.98 }
    const evidence = { clusterability, jaccards: [], predictionStrength: 0.27 }
    const check = outcomeOf('clusterability', { model: { method: 'kmeans', evidence } })
    expect(check).toMatchObject({ value: 0.27, outcome: 'warn', threshold: 'below 0.5' })
    expect(check.message).toContain('there is one peak (dip test, p 0.980)')
  })

  it('warns when the fallback took over, and says why', () => {
    const insteadOf = { method: 'kmeans', reason: 'Customers are spread evenly.' } as const
    expect(outcomeOf('clusterability', { model: { method: 'kmeans', insteadOf } })).toMatchObject({
      outcome: 'warn',
      message: 'Method kmeans took the place of kmeans. Customers are spread evenly. Outcome warn: below 50 %.',
    })
  })

  it('does not judge stability where nothing was drawn anew', () => {
    const unknown = facts.segments.map((segment) => ({ ...segment, stability: null }))
    const few = { clusterability: { hopkins: null, dip: null, dipP: null }, jaccards: [], predictionStrength: null }
    for (const model of [{ method: 'kmeans' }, { method: 'kmeans', evidence: few }] as const) {
      const checks = ['stability', 'clusterability'].map((gate) => outcomeOf(gate, { segments: unknown, model }))
      expect(checks.map(({ outcome }) => outcome)).toEqual(['not-computable', 'not-computable'])
    }
  })
})
