import { describe, expect, it } from 'vitest'
import { analyseExperiment, type AnalysisOptions } from '../../src/experiment/analyse-experiment.ts'
import { parseArmShares } from '../../src/experiment/arm-shares.ts'
import { assignCustomers } from '../../src/experiment/assign-customers.ts'
import { layOutOutcomes, outcomeQuery } from '../../src/experiment/outcome-query.ts'
import { outcomesOfColumns } from '../../src/experiment/outcomes-of-columns.ts'
import type { Outcomes } from '../../src/experiment/outcomes.ts'
import { planExperiment, type PlanOptions, type SegmentBaseline } from '../../src/experiment/plan-experiment.ts'
import { experimentAnalysis } from '../../src/report/experiment-analysis.ts'
import { experimentAssignment } from '../../src/report/experiment-assignment.ts'
import { experimentPlan } from '../../src/report/experiment-plan.ts'
import { uniformDraws } from '../../src/stats/uniform-draws.ts'

const halves = parseArmShares('control:0.5,offer:0.5')

describe('assignment', () => {
  const customers = Array.from({ length: 1003 }, (_, at) => ({
    customerId: `c${at}`,
    segmentKey: at < 300 ? 's1' : at < 1000 ? 's2' : 's3',
    segmentName: at < 300 ? 'Loyal' : at < 1000 ? 'New' : 'Rare',
    isHoldout: at % 10 === 0 && at < 1000,
  }))
  const thirds = parseArmShares('control:0.5,a:0.3,b:0.2')
  const countOf = (members: readonly { segmentKey: string; arm: string }[], segment: string, arm: string): number =>
    members.filter((one) => one.segmentKey === segment && one.arm === arm).length

  it('gives every segment its arms to the customer, and leaves the holdout out', () => {
    const { members, heldOut, outside } = assignCustomers(customers, { arms: thirds, salt: 'spring' })
    expect([heldOut, outside, members.length]).toEqual([100, 0, 903])
    // By hand: 270 of s1 and 630 of s2 take part.
    for (const [segment, size] of [
      ['s1', 270],
      ['s2', 630],
    ] as const)
      for (const { name, share } of thirds)
        expect(Math.abs(countOf(members, segment, name) - size * share)).toBeLessThanOrEqual(1)
    const held = new Set(customers.filter(({ isHoldout }) => isHoldout).map(({ customerId }) => customerId))
    expect(members.filter(({ customerId }) => held.has(customerId))).toEqual([])
  })

  it('is the same for the same salt whatever the order of the customers, and another for another', () => {
    const armsOf = (salt: string, of = customers): ReadonlyMap<string, string> =>
      new Map(assignCustomers(of, { arms: halves, salt }).members.map(({ customerId, arm }) => [customerId, arm]))
    const drawn = armsOf('spring')
    expect(new Map([...armsOf('spring', [...customers].reverse())].sort())).toEqual(new Map([...drawn].sort()))
    const other = armsOf('autumn')
    const same = [...drawn].filter(([id, arm]) => other.get(id) === arm).length
    // Two draws agree for half of the customers, to chance: 451 ± 3 · 15.
    expect(Math.abs(same - 451)).toBeLessThan(46)
  })

  it('takes segments by name or key', () => {
    const { members, outside } = assignCustomers(customers, { arms: halves, salt: 'x', segments: ['Loyal', 's3'] })
    expect(new Set(members.map(({ segmentKey }) => segmentKey))).toEqual(new Set(['s1', 's3']))
    expect(outside).toBe(700)
    expect(experimentAssignment('x', halves, { members, heldOut: 30, outside })).toContain('700 are in other segments.')
  })

  it('gives the odd customers of small segments to every arm in its turn', () => {
    const single = Array.from({ length: 400 }, (_, at) => ({
      ...{ customerId: `c${at}`, segmentKey: `s${at}`, segmentName: `s${at}`, isHoldout: false },
    }))
    const { members } = assignCustomers(single, { arms: halves, salt: 'x' })
    // Binomial of 400 and one half: 200 ± 3 · 10.
    expect(Math.abs(members.filter(({ arm }) => arm === 'offer').length - 200)).toBeLessThan(31)
  })

  it.each(['control:0.5', 'control:0.5,offer:0.6', 'control:0.5,control:0.5', 'control,offer', 'a:0,b:1'])(
    'refuses the arms %s',
    (text) => expect(() => parseArmShares(text)).toThrow(/arm|shares/),
  )
})

describe('plan', () => {
  const share = (segment: string, customers: number, mean: number): SegmentBaseline => {
    return { segment, customers, mean, deviation: null, isShare: true }
  }
  const options: PlanOptions = { arms: halves, minimumEffect: 0.02, alpha: 0.05, power: 0.8, perWeek: 1000 }

  it('asks for the customers of statsmodels, and for as many weeks as it takes to reach them', () => {
    // samplesize_proportions_2indep_onetail of statsmodels 0.15.0: 3840.8 an arm for 10 % against 12 %.
    const { overall, segments } = planExperiment([share('all', 10_000, 0.1)], false, options)
    expect(overall).toMatchObject({ needed: 7682, isEnough: true, weeks: 8 })
    expect(segments).toEqual([])
    expect(overall.findable).toBeLessThan(0.02)
  })

  it('asks each segment for more than it would alone, as each is a look', () => {
    const { segments } = planExperiment([share('a', 9000, 0.1), share('b', 100, 0.1)], true, options)
    expect(segments.map(({ segment, isEnough, weeks }) => [segment, isEnough, weeks])).toEqual([
      ['a', false, null],
      ['b', false, null],
    ])
    expect(segments[0]!.needed).toBeGreaterThan(7682)
  })

  it('knows means by their deviation, and pools it over segments', () => {
    // TTestIndPower of statsmodels 0.15.0: 393.4 an arm for an effect of 0.2 deviations.
    const mean = (segment: string, of: number): SegmentBaseline => {
      return { segment, customers: 1000, mean: of, deviation: 10, isShare: false }
    }
    const means = { ...options, minimumEffect: 2 }
    expect(planExperiment([mean('a', 50)], false, means).overall.needed).toBe(788)
    // Segments whose means differ vary more together.
    expect(planExperiment([mean('a', 50), mean('b', 70)], false, means).overall.needed).toBeGreaterThan(1500)
  })

  it('says so where no number of customers is enough', () => {
    const { overall } = planExperiment([share('all', 100, 0.99)], false, options)
    expect(overall).toMatchObject({ needed: Infinity, isEnough: false, weeks: null })
    expect(experimentPlan('conversion', 'share', { overall, segments: [] })[1]).toContain('no number')
  })
})

/** A thousand customers an arm and segment, of whom so many convert; money depends on what was spent before. */
function outcomesWith(effects: readonly number[], armOf: (row: number) => number = (row) => row % 2): Outcomes {
  const draw = uniformDraws(7)
  const rows = effects.length * 2000
  const segments = Int32Array.from({ length: rows }, (_, row) => Math.floor(row / 2000))
  const arms = Int32Array.from({ length: rows }, (_, row) => armOf(row))
  const before = Float64Array.from({ length: rows }, () => -30 * Math.log(1 - draw()))
  return {
    arms,
    segments,
    armNames: ['control', 'offer'],
    segmentNames: effects.map((_, at) => `segment ${at}`),
    metrics: [
      {
        name: 'conversion',
        values: segments.map((of, row) => (draw() < 0.2 + arms[row]! * effects[of]! ? 1 : 0)),
        before: null,
      },
      { name: 'spend', values: before.map((value, row) => value + arms[row]! + draw() * 5), before },
    ].map((metric) => ({ ...metric, values: Float64Array.from(metric.values) })),
  }
}

describe('analysis', () => {
  const options: AnalysisOptions = {
    ...{ control: 'control', shares: [0.5, 0.5], alpha: 0.05, correction: 'holm', minimumEffect: null },
    ...{ resamples: 50, seed: 1 },
  }

  it('finds an effect that is there, and that segments respond differently', () => {
    const analysis = analyseExperiment(outcomesWith([0.12, 0, -0.1]), options)
    const [conversion, spend] = analysis.effects
    expect(conversion!.interaction.p).toBeLessThan(0.001)
    expect(conversion!.segments.map(({ comparison }) => comparison!.adjustedP < 0.05)).toEqual([true, false, true])
    expect(conversion!.verdict.segmentWords).toMatch(
      /^Segments respond differently .* clear in segment 0, segment 2\.$/,
    )
    // Money rises by 1 everywhere, of which only CUPED can tell: what was spent before varies thirty times as much.
    expect(spend!.overall).toMatchObject({ test: 'cuped' })
    expect(spend!.verdict.outcome).toBe('higher')
    expect(spend!.overall!.varianceReduction).toBeGreaterThan(0.99)
    expect(Math.abs(spend!.overall!.difference - 1)).toBeLessThan(0.12)
    expect(spend!.verdict.segmentWords).toMatch(/^Not known whether segments respond differently/)
    expect(experimentAnalysis('spring', analysis).join('\n')).toContain('of the variance (CUPED)')
  })

  it('knows nothing of an effect that is not there, or that nothing matters where it is small enough', () => {
    const outcomes = outcomesWith([0])
    const judge = (minimumEffect: number | null) =>
      analyseExperiment(outcomes, { ...options, minimumEffect }).effects[0]!.verdict
    expect(judge(null)).toMatchObject({ outcome: 'not-known', segmentWords: null })
    expect(judge(0.2)).toMatchObject({ outcome: 'no-difference' })
  })

  it('concludes nothing from arms that are not of the sizes that were meant', () => {
    const analysis = analyseExperiment(
      outcomesWith([0.1, 0.1], (row) => (row % 5 < 2 ? 0 : 1)),
      options,
    )
    expect(analysis.sampleRatio.isMismatch).toBe(true)
    expect(analysis.effects.map(({ verdict }) => verdict.outcome)).toEqual(['not-known', 'not-known'])
    expect(experimentAnalysis('spring', analysis).join(' ')).toContain('Sample-ratio mismatch')
  })

  it('takes the exact test where few convert, and says nothing of a segment with one customer', () => {
    const few: Outcomes = {
      ...{ arms: Int32Array.of(0, 0, 0, 0, 1, 1, 1, 1, 1), segments: Int32Array.of(0, 0, 0, 1, 0, 0, 0, 0, 1) },
      ...{ armNames: ['control', 'offer'], segmentNames: ['a', 'b'] },
      metrics: [{ name: 'conversion', values: Float64Array.of(0, 0, 1, 0, 1, NaN, 0, 1, 1), before: null }],
    }
    const [effect] = analyseExperiment(few, options).effects
    expect(effect).toMatchObject({ missing: 1, overall: { test: 'fisher', armSize: 4 } })
    expect(effect!.overall!.p).toBe(effect!.overall!.exactP)
    expect(effect!.segments.map(({ comparison }) => comparison === null)).toEqual([false, true])
  })
})

describe('outcomes', () => {
  const columns = [
    ...[
      { name: 'customer_id', type: 'BIGINT' },
      { name: 'arm', type: 'VARCHAR' },
    ],
    ...[
      { name: 'won', type: 'BOOLEAN' },
      { name: 'spend', type: 'DECIMAL(9,2)' },
      { name: 'spend_before', type: 'DOUBLE' },
    ],
  ]
  const wanted = { customer: 'customer_id', arm: 'arm', segment: 'segment' }

  it('are every column of numbers, with what was known before beside its metric', () => {
    const layout = layOutOutcomes(columns, wanted)
    expect(layout).toEqual({
      ...{ customer: 'customer_id', arm: 'arm', segment: null },
      metrics: [
        { name: 'won', before: null },
        { name: 'spend', before: 'spend_before' },
      ],
    })
    expect(outcomeQuery('f', layout, null)).toContain('CAST(f."spend_before" AS DOUBLE) AS b1')
    expect(outcomeQuery('f', layout, 'assigned')).toContain('"assigned" a LEFT JOIN f f ON a.customer_id')
  })

  it('are refused where a metric is not there or is no number', () => {
    expect(() => layOutOutcomes(columns, { ...wanted, metrics: ['sales'] })).toThrow(/no column sales; they have cust/)
    expect(() => layOutOutcomes(columns, { ...wanted, metrics: ['arm'] })).toThrow(/VARCHAR, which is no number/)
    expect(() => layOutOutcomes(columns.slice(0, 2), { ...wanted, customer: 'customer_id' })).toThrow(
      /no column of numbers/,
    )
  })

  it('need a control and somebody to compare with it', () => {
    const rows = (arm: readonly (string | null)[]) => ({ arm, segment: arm.map(() => null), metrics: [] })
    expect(() => outcomesOfColumns(rows(['a', 'b']), 'control')).toThrow(
      /No customer is in arm control; the arms are a, b/,
    )
    expect(() => outcomesOfColumns(rows(['control']), 'control')).toThrow(/All customers are in arm control/)
    expect(() => outcomesOfColumns(rows(['control', null]), 'control')).toThrow(/1 rows of the outcomes name no arm/)
    expect(outcomesOfColumns(rows(['b', 'control', 'a']), 'control').armNames).toEqual(['control', 'a', 'b'])
  })
})
