import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { adjustedRand } from '../../src/stats/adjusted-rand.ts'
import { contingencyTable } from '../../src/stats/contingency.ts'
import { jaccardMatrix } from '../../src/stats/jaccard.ts'

const labels = (...values: number[]): Int32Array => Int32Array.from(values)

describe('contingencyTable', () => {
  it('counts items by both labels (by hand)', () => {
    const { rows, columns, counts } = contingencyTable(labels(0, 0, 1, 2), labels(1, 1, 0, 1))
    expect([rows, columns]).toEqual([3, 2])
    expect([...counts]).toEqual([0, 2, 1, 0, 0, 1])
  })

  it('has no rows and columns without items', () => {
    expect(contingencyTable(labels(), labels())).toEqual({ rows: 0, columns: 0, counts: new Float64Array() })
  })

  it('refuses labelings of different length and labels below 0', () => {
    expect(() => contingencyTable(labels(0), labels(0, 1))).toThrow('1 and 2 items')
    expect(() => contingencyTable(labels(-1), labels(0))).toThrow('below 0')
  })
})

describe('adjustedRand', () => {
  // scikit-learn 1.9.1: adjusted_rand_score doctest, and the 17 labels of its test_supervised.py.
  it.each([
    [labels(0, 0, 1, 2), labels(0, 0, 1, 1), 0.5714285714285714],
    [
      labels(1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 2, 3, 3, 3, 3, 3),
      labels(1, 1, 1, 1, 2, 1, 2, 2, 2, 2, 3, 1, 3, 3, 3, 2, 2),
      0.2669405,
    ],
    [labels(0, 0, 0, 0), labels(0, 1, 2, 3), 0],
    [labels(0, 0, 1, 1), labels(1, 1, 0, 0), 1],
  ])('equals scikit-learn: %s, %s', (a, b, expected) => {
    expect(adjustedRand(a, b)).toBeCloseTo(expected, 7)
  })

  it('is 1 when there is nothing to disagree about: no item, one item, all together, all apart', () => {
    expect(adjustedRand(labels(), labels())).toBe(1)
    expect(adjustedRand(labels(0), labels(3))).toBe(1)
    expect(adjustedRand(labels(2, 2, 2), labels(0, 0, 0))).toBe(1)
    expect(adjustedRand(labels(0, 1, 2), labels(2, 0, 1))).toBe(1)
  })

  it('is 1 for the same partition under other names, and the same both ways round', () => {
    const partition = fc.array(fc.integer({ min: 0, max: 4 }), { minLength: 1, maxLength: 30 })
    fc.assert(
      fc.property(partition, fc.shuffledSubarray([0, 1, 2, 3, 4], { minLength: 5 }), (values, names) => {
        const renamed = labels(...values.map((value) => names[value]!))
        expect(adjustedRand(labels(...values), renamed)).toBeCloseTo(1, 12)
        const shifted = labels(...values.map((_, i) => values[(i + 1) % values.length]!))
        expect(adjustedRand(labels(...values), shifted)).toBeCloseTo(adjustedRand(shifted, labels(...values)), 12)
      }),
    )
  })
})

describe('jaccardMatrix', () => {
  it('divides shared items by items in either (by hand)', () => {
    // Row groups 3 and 4 large, column groups 5 and 2.
    const overlaps = jaccardMatrix({ rows: 2, columns: 2, counts: Float64Array.of(3, 0, 2, 2) })
    expect([...overlaps]).toEqual([3 / 5, 0, 2 / 7, 2 / 4])
  })

  it('is 0 for two empty groups', () => {
    expect([...jaccardMatrix({ rows: 1, columns: 1, counts: Float64Array.of(0) })]).toEqual([0])
  })
})
