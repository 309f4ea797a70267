import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { rescaleCentre } from '../../../src/stages/features/rescale-centre.ts'
import { applyTransforms } from '../../../src/stages/features/transform.ts'
import type {
  FeatureColumns,
  FittedNumber,
  FittedTransform,
  FittedTransforms,
} from '../../../src/stages/features/transform.ts'

const number = (name: string, more: Partial<FittedNumber> = {}): FittedNumber => ({
  ...{ kind: 'number', name, unit: 'count', weight: 1, transform: 'none', power: null },
  ...{ lower: -1e9, upper: 1e9, impute: 0, mean: 0, scale: 1, flag: null, isConstant: false },
  ...more,
})
const category = (levels: readonly string[], shares: readonly number[], withMissing = false): FittedTransform => ({
  ...{ kind: 'category', name: 'channel', unit: 'share', weight: 2, levels, pooled: [], knowsAllLevels: true },
  ...{ withMissing, shares, scale: 0.6 },
})
const scaling = (...features: readonly FittedTransform[]): FittedTransforms => ({ features, dropped: [] })
const same = (name: string): string => name

/** Mean of the coordinates of rows. */
function centreOf(columns: FeatureColumns, features: FittedTransforms, rowCount: number): readonly number[] {
  const { values, dimensions } = applyTransforms(columns, features, rowCount)
  return Array.from({ length: dimensions }, (_, j) => {
    let sum = 0
    for (let i = 0; i < rowCount; i++) sum += values[i * dimensions + j]!
    return sum / rowCount
  })
}

describe('rescaleCentre', () => {
  it('lies where the centre of the same customers lies in the other scaling', () => {
    const value = fc.double({ min: 0, max: 1_000, noNaN: true })
    const fitted = fc.record({ mean: value, scale: fc.double({ min: 0.5, max: 90, noNaN: true }) })
    const rows = fc.array(fc.tuple(value, value, fc.constantFrom('web', 'shop', 'fax', null)), { minLength: 1 })
    fc.assert(
      fc.property(rows, fitted, fitted, (customers, a, b) => {
        const columns: FeatureColumns = {
          days: Float64Array.from(customers, ([days]) => days),
          money: Float64Array.from(customers, ([, money]) => money),
          channel: customers.map(([, , channel]) => channel),
        }
        const flag = { mean: 0.1, scale: 0.3 }
        const from = scaling(
          number('days', { ...a, weight: 3, flag }),
          number('money', { ...a, transform: 'log1p' }),
          category(['web', 'fax'], [0.4, 0.1, 0.3, 0.2], true),
        )
        const into = scaling(
          category(['shop', 'web'], [0.3, 0.5, 0.2]),
          number('money', { ...b, transform: 'log1p', weight: 0.5 }),
          number('days', { ...b, flag: { mean: 0.5, scale: 0.5 } }),
        )
        const centre = { features: from, values: centreOf(columns, from, customers.length) }
        const moved = rescaleCentre(centre, into, same)!
        const wanted = centreOf(columns, into, customers.length)
        // `shop` was not known: its customers count as other there.
        const known = [1, 3, 4, 5]
        for (const at of known) expect(moved[at]).toBeCloseTo(wanted[at]!, 6)
        expect(moved[0]! + moved[2]!).toBeCloseTo(wanted[0]! + wanted[2]!, 6)
      }),
    )
  })

  it('takes the transform back where the other scaling has another one (by hand)', () => {
    const from = scaling(number('days', { transform: 'log1p', mean: 1, scale: 2 }))
    const into = scaling(number('days', { mean: 10, scale: 5 }))
    // ln(1 + 19) lies at (ln 20 − 1) ÷ 2; 19 days lie at (19 − 10) ÷ 5.
    const [moved] = rescaleCentre({ features: from, values: [(Math.log(20) - 1) / 2] }, into, same)!
    expect(moved).toBeCloseTo(1.8, 12)
  })

  it('follows a renamed feature, and is nowhere when one is missing', () => {
    const centre = { features: scaling(number('a', { mean: 2 })), values: [1] }
    expect(rescaleCentre(centre, scaling(number('b', { mean: 1 })), () => 'a')).toEqual([2])
    expect(rescaleCentre(centre, scaling(number('b')), () => undefined)).toBeNull()
    expect(rescaleCentre({ ...centre, values: [1, 2] }, scaling(number('a')), same)).toBeNull()
  })
})
