import { describe, expect, it } from 'vitest'
import { fitTree, treeLabel } from '../../src/stats/decision-tree.ts'
import type { TreeColumn } from '../../src/stats/tree-split.ts'
import { haveReferenceSets, readIris, readWine } from '../kernels/reference-sets.ts'

const number = (...values: number[]): TreeColumn => ({ kind: 'number', values: Float64Array.from(values) })
const category = (levelCount: number, ...codes: number[]): TreeColumn => ({
  kind: 'category',
  levelCount,
  codes: Int32Array.from(codes),
})
const labels = (...values: number[]) => Int32Array.from(values)
const wide = { depth: 4, leafRows: 1 }

describe('fitTree', () => {
  it('classifies as many of iris and wine as scikit-learn 1.9.1 at each depth', { skip: !haveReferenceSets() }, () => {
    for (const [{ matrix, species }, correct] of [
      [readIris(), [100, 144, 146, 149]],
      [readWine(), [124, 164, 174, 176]],
    ] as const) {
      const { dimensions, rowCount, values } = matrix
      const columns = Array.from({ length: dimensions }, (_, j) =>
        number(...Array.from({ length: rowCount }, (_, i) => values[i * dimensions + j]!)),
      )
      correct.forEach((expected, i) => {
        const tree = fitTree(columns, species, 3, { depth: i + 1, leafRows: 1 })
        expect(species.reduce((sum, own, row) => sum + Number(treeLabel(tree, columns, row) === own), 0)).toBe(expected)
      })
    }
  })

  it('splits at the number with the fewest digits between two values', () => {
    expect(fitTree([number(1.23, 4.91, 5.37, 8)], labels(0, 0, 1, 1), 2, wide)).toEqual({
      split: { kind: 'atMost', column: 0, bound: 5, ofUnknown: false },
      yes: { label: 0 },
      no: { label: 1 },
    })
  })

  it('takes the first column and the lower bound of equally good splits', () => {
    const columns = [number(1, 2, 3), number(1, 2, 3)]
    expect(fitTree(columns, labels(0, 1, 2), 3, { depth: 1, leafRows: 1 })).toMatchObject({
      split: { column: 0, bound: 1 },
    })
  })

  it('puts unknown values where they fit best, also on a side of their own', () => {
    const low = fitTree([number(1, NaN, 5, 6)], labels(0, 0, 1, 1), 2, wide)
    expect(low).toMatchObject({ split: { kind: 'atMost', ofUnknown: true } })
    const high = fitTree([number(1, 2, NaN, 6)], labels(0, 0, 1, 1), 2, wide)
    expect(high).toMatchObject({ split: { kind: 'atMost', ofUnknown: false } })
    const known = fitTree([number(1, NaN, 5, NaN)], labels(0, 1, 0, 1), 2, wide)
    expect(known).toEqual({ split: { kind: 'isKnown', column: 0 }, yes: { label: 0 }, no: { label: 1 } })
  })

  it('asks of a category for one level, and unknown is none of them', () => {
    const column = category(3, 0, 1, 2, 2, -1)
    expect(fitTree([column], labels(0, 0, 1, 1, 0), 2, wide)).toEqual({
      split: { kind: 'isLevel', column: 0, level: 2 },
      yes: { label: 1 },
      no: { label: 0 },
    })
  })

  it('stops where no question helps, at the depth, and at leaves that would be too small', () => {
    expect(fitTree([number(1, 1, 1)], labels(0, 1, 1), 2, wide)).toEqual({ label: 1 })
    expect(fitTree([], labels(0, 1, 1), 2, wide)).toEqual({ label: 1 })
    expect(fitTree([number(1, 2, 3)], labels(0, 1, 1), 2, { depth: 0, leafRows: 1 })).toEqual({ label: 1 })
    expect(fitTree([number(1, 2, 3)], labels(0, 1, 1), 2, { depth: 4, leafRows: 2 })).toEqual({ label: 1 })
  })

  it('is the same tree for rows in another order', () => {
    const values = Float64Array.from({ length: 60 }, (_, i) => (i * 7) % 13)
    const others = Float64Array.from({ length: 60 }, (_, i) => (i * 5) % 11)
    const own = Int32Array.from({ length: 60 }, (_, i) => ((i * 7) % 13 > 6 ? 1 : (i * 5) % 11 > 3 ? 2 : 0))
    const tree = fitTree([number(...values), number(...others)], own, 3, wide)
    const turned = [number(...values.toReversed()), number(...others.toReversed())]
    expect(fitTree(turned, own.toReversed(), 3, wide)).toEqual(tree)
  })
})
