import { describe, expect, it } from 'vitest'
import { collapseRows } from '../../src/stats/collapse-rows.ts'
import { digamma, logGamma } from '../../src/stats/log-gamma.ts'
import { minimise } from '../../src/stats/minimise.ts'

const options = { tolerance: 1e-9, maxIterations: 200, bound: 50 }

function rosenbrock([x, y]: Float64Array, gradient: Float64Array): number {
  gradient.set([-2 * (1 - x!) - 400 * x! * (y! - x! * x!), 200 * (y! - x! * x!)])
  return (1 - x!) ** 2 + 100 * (y! - x! * x!) ** 2
}

describe('minimise', () => {
  it('finds the bottom of the valley of Rosenbrock (1960), at (1, 1)', () => {
    const { point, outcome, iterations } = minimise(rosenbrock, [-1.2, 1], options)
    expect(outcome).toBe('converged')
    expect(point[0]).toBeCloseTo(1, 8)
    expect(point[1]).toBeCloseTo(1, 8)
    expect(iterations).toBeLessThan(60)
  })

  it('says that a function falls without end', () => {
    const falling = (point: Float64Array, gradient: Float64Array): number => {
      gradient.set([-Math.exp(-point[0]!)])
      return Math.exp(-point[0]!)
    }
    expect(minimise(falling, [0], { ...options, bound: 5 }).outcome).toBe('beyondBound')
  })

  it('says that a function has no value where it began', () => {
    expect(minimise(() => NaN, [0, 0], options).outcome).toBe('notFinite')
  })

  it('says that the steps ran out', () => {
    expect(minimise(rosenbrock, [-1.2, 1], { ...options, maxIterations: 3 }).outcome).toBe('outOfIterations')
  })

  it('stays where there is nowhere to go', () => {
    const flat = (_: Float64Array, gradient: Float64Array): number => {
      gradient.fill(0)
      return 7
    }
    expect(minimise(flat, [3, 4], options)).toMatchObject({ value: 7, iterations: 0, outcome: 'converged' })
  })
})

describe('logGamma and digamma', () => {
  // mpmath 1.3.0: loggamma(x), digamma(x), 50 digits.
  it.each([
    [1e-5, 11.512919692895826, -100000.57719921567],
    [0.1, 2.252712651734206, -10.423754940411076],
    [0.5, 0.5723649429247001, -1.9635100260214235],
    [1, 0, -0.5772156649015329],
    [1.5, -0.12078223763524522, 0.03648997397857652],
    [2, 0, 0.42278433509846713],
    [3.7, 1.428072326665388, 1.1671535393615113],
    [9.99, 12.779315214350193, 2.250700372831201],
    [10, 12.80182748008147, 2.251752589066721],
    [123.4, 469.3360974421906, 4.8113737751162775],
    [1e5, 1051287.7089736569, 11.512920464961894],
  ])('of %d are those of mpmath', (x, expected, derivative) => {
    expect(Math.abs(logGamma(x) - expected) / Math.max(1, Math.abs(expected))).toBeLessThan(4e-15)
    expect(Math.abs(digamma(x) - derivative) / Math.max(1, Math.abs(derivative))).toBeLessThan(4e-15)
  })
})

describe('collapseRows', () => {
  it('counts equal rows, in ascending order', () => {
    const rows = collapseRows([Float64Array.of(2, 1, 2, 1, 2), Float64Array.of(0, 5, 0, 4, 1)])
    expect(rows.columns.map((column) => [...column])).toEqual([
      [1, 1, 2, 2],
      [4, 5, 0, 1],
    ])
    expect([...rows.counts]).toEqual([1, 1, 2, 1])
  })

  it('makes nothing of no rows', () => {
    expect(collapseRows([new Float64Array()])).toEqual({ columns: [new Float64Array()], counts: new Float64Array() })
  })
})
