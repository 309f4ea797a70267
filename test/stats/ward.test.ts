import { describe, expect, it } from 'vitest'
import { adjustedRand } from '../../src/stats/adjusted-rand.ts'
import { uniformDraws } from '../../src/stats/uniform-draws.ts'
import { pointsBelow, wardTree } from '../../src/stats/ward.ts'
import type { WardTree } from '../../src/stats/ward.ts'
import { haveReferenceSets, readIris } from '../kernels/reference-sets.ts'
import { readWholesale, readWine, standardise } from '../kernels/reference-fits.ts'
import type { Matrix } from '../../src/ports/kernel-pool.ts'

const ones = (count: number): Float64Array => new Float64Array(count).fill(1)

/** Labels of the points when the highest joins are undone until there are so many groups. */
function cut(tree: WardTree, groupCount: number): Int32Array {
  const count = tree.left.length + 1
  const labels = new Int32Array(count)
  const roots = new Set([2 * count - 2])
  for (let join = count - 2; roots.size < groupCount; join--) {
    roots.delete(count + join)
    roots.add(tree.left[join]!).add(tree.right[join]!)
  }
  ;[...roots].forEach((root, label) => pointsBelow(tree, root).forEach((point) => (labels[point] = label)))
  return labels
}

const sizesOf = (labels: Int32Array): readonly number[] =>
  [...new Set(labels)].map((label) => labels.filter((other) => other === label).length).sort((a, b) => a - b)

describe('the tree of Ward', () => {
  it('joins what adds least to the squares, with the heights by hand', () => {
    // 0 and 1: √(2 × ½) × 1 = 1. 10 and 12: 2. The groups at ½ and 11: √(2 × 2 × 2 ÷ 4) × 10.5 = √2 × 10.5.
    const tree = wardTree(Float64Array.of(0, 10, 1, 12), 1, ones(4))
    expect([...tree.left]).toEqual([0, 1, 4])
    expect([...tree.right]).toEqual([2, 3, 5])
    expect([...tree.heights.slice(0, 2)]).toEqual([1, 2])
    expect(tree.heights[2]).toBeCloseTo(Math.SQRT2 * 10.5, 12)
    expect([...tree.weights]).toEqual([1, 1, 1, 1, 2, 2, 4])
    expect(pointsBelow(tree, 5)).toEqual([1, 3])
  })

  it('treats a point of weight w as w points in one place', () => {
    const draw = uniformDraws(2)
    const points = Array.from({ length: 30 }, () => [10 * draw(), 10 * draw()])
    const weights = points.map(() => 1 + Math.floor(4 * draw()))
    const repeated = points.flatMap((point, i) => Array.from({ length: weights[i]! }, () => point))
    const weighted = wardTree(Float64Array.from(points.flat()), 2, Float64Array.from(weights))
    const plain = wardTree(Float64Array.from(repeated.flat()), 2, ones(repeated.length))
    const [tall, all] = [weighted.heights, plain.heights.slice(-29)]
    tall.forEach((height, join) => expect(height).toBeCloseTo(all[join]!, 9))
    for (const k of [2, 3, 7]) {
      const labels = cut(weighted, k)
      const spread = points.flatMap((_, i) => Array.from({ length: weights[i]! }, () => labels[i]!))
      expect(adjustedRand(Int32Array.from(spread), cut(plain, k))).toBe(1)
    }
  })

  it('joins points in one place at height 0 and copes with one point', () => {
    const same = wardTree(new Float64Array(10), 2, ones(5))
    expect([...same.heights]).toEqual([0, 0, 0, 0])
    expect(pointsBelow(same, 8)).toEqual([0, 1, 2, 3, 4])
    expect(wardTree(Float64Array.of(1), 1, ones(1)).heights).toHaveLength(0)
  })
})

// scipy 1.17.1, linkage(X, 'ward') and fcluster(…, 'maxclust').
describe.runIf(haveReferenceSets())('the tree of Ward on data with known answers', { timeout: 60_000 }, () => {
  const logs = (matrix: Matrix): Matrix => ({ ...matrix, values: matrix.values.map(Math.log) })
  it.each([
    [
      'iris',
      () => readIris().matrix,
      138.16224196388305,
      32.44760699959244,
      { 2: [50, 100], 3: [36, 50, 64], 4: [26, 36, 38, 50], 6: [12, 21, 24, 26, 29, 38] },
    ],
    [
      'standardised wine',
      () => standardise(readWine()),
      619.1720310141338,
      35.40153383134743,
      { 2: [56, 122], 3: [56, 58, 64], 4: [28, 30, 56, 64], 6: [6, 20, 28, 30, 36, 58] },
    ],
    [
      'wholesale spend',
      () => standardise(logs(readWholesale())),
      839.3761905069548,
      37.81446786181273,
      { 2: [206, 234], 3: [90, 116, 234], 4: [47, 90, 116, 187], 6: [41, 47, 49, 59, 116, 128] },
    ],
  ] as const)('has the heights and sizes of scipy on %s', (_, read, sum, tallest, sizes) => {
    const { values, dimensions, rowCount } = read()
    const tree = wardTree(values, dimensions, ones(rowCount))
    expect(tree.heights.reduce((all, height) => all + height, 0)).toBeCloseTo(sum, 8)
    expect(tree.heights.at(-1)).toBeCloseTo(tallest, 9)
    for (const [k, expected] of Object.entries(sizes)) expect(sizesOf(cut(tree, Number(k)))).toEqual(expected)
  })
})
