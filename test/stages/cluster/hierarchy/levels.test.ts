import { describe, expect, it } from 'vitest'
import { TooFewCustomers } from '../../../../src/errors/too-few-customers.ts'
import { chooseBisection } from '../../../../src/stages/cluster/hierarchy/bisect.ts'
import { checkMinimum, checkSplit } from '../../../../src/stages/cluster/hierarchy/check-customers.ts'
import { hierarchyConfig, minimumOf } from '../../../../src/stages/cluster/hierarchy/config.ts'
import { growLevels } from '../../../../src/stages/cluster/hierarchy/grow-levels.ts'
import type { Level } from '../../../../src/stages/cluster/hierarchy/grow-levels.ts'
import { pointsOf, rootOfTree, splitWardGroup } from '../../../../src/stages/cluster/hierarchy/ward-groups.ts'
import type { WardGroup } from '../../../../src/stages/cluster/hierarchy/ward-groups.ts'
import { wardTree } from '../../../../src/stats/ward.ts'

/** Grows the levels of Ward's tree over numbers, each level as sorted lists of numbers with the index of the group above. */
async function growNumbers(
  numbers: readonly number[],
  plans: readonly { readonly count: number; readonly minimum: number }[],
): Promise<readonly Level<readonly number[]>[]> {
  const rows = {
    points: Float64Array.from(numbers),
    dimensions: 1,
    weights: new Float64Array(numbers.length).fill(1),
  }
  const tree = wardTree(rows.points, 1, rows.weights)
  const levels = await growLevels<WardGroup>(rootOfTree(tree), plans, (group, minimum) =>
    Promise.resolve(splitWardGroup(tree, rows, group, minimum)),
  )
  return levels.map(({ groups, parents }) => ({
    groups: groups.map((group) => pointsOf(tree, group).map((point) => numbers[point]!)),
    parents,
  }))
}

describe('levels of a hierarchy', () => {
  it('split what joins highest first, level within level', async () => {
    const levels = await growNumbers(
      [0, 1, 10, 11, 100, 101, 110, 111],
      [
        { count: 2, minimum: 1 },
        { count: 4, minimum: 1 },
      ],
    )
    expect(levels[0]!.groups).toEqual([
      [0, 1, 10, 11],
      [100, 101, 110, 111],
    ])
    expect(levels[1]).toEqual({
      groups: [
        [0, 1],
        [10, 11],
        [100, 101],
        [110, 111],
      ],
      parents: [0, 0, 1, 1],
    })
  })

  it('make fewer groups than asked for where the minimum does not allow more', async () => {
    const [level] = await growNumbers([0, 1, 10, 11, 100, 101], [{ count: 6, minimum: 2 }])
    expect(level!.groups).toEqual([
      [100, 101],
      [0, 1],
      [10, 11],
    ])
  })

  it('are not kept from splitting by a few far from all others: these go with the nearer part', async () => {
    // The tree joins 1000 last; alone it is too light for a group.
    const [level] = await growNumbers([0, 1, 2, 20, 21, 22, 1000], [{ count: 2, minimum: 2 }])
    expect(level!.groups).toEqual([
      [0, 1, 2],
      [20, 21, 22, 1000],
    ])
  })

  it('hand the strays of a level on to the next', async () => {
    const levels = await growNumbers(
      [0, 1, 5, 6, 50, 51, 55, 56, 900],
      [
        { count: 2, minimum: 4 },
        { count: 4, minimum: 2 },
      ],
    )
    expect(levels[1]!.groups).toEqual([
      [0, 1],
      [5, 6],
      [50, 51],
      [55, 56, 900],
    ])
  })

  it('keep one group where nothing can be split', async () => {
    const [level] = await growNumbers([1, 2, 3], [{ count: 5, minimum: 2 }])
    expect(level).toEqual({ groups: [[1, 2, 3]], parents: [0] })
    const [alone] = await growNumbers([7], [{ count: 5, minimum: 1 }])
    expect(alone!.groups).toEqual([[7]])
  })

  it('start over where a finer level allows what a coarser one did not', async () => {
    const levels = await growNumbers(
      [0, 1, 10, 11],
      [
        { count: 2, minimum: 3 },
        { count: 3, minimum: 2 },
      ],
    )
    expect(levels.map(({ groups }) => groups.length)).toEqual([1, 2])
    expect(levels[1]!.parents).toEqual([0, 0])
  })
})

describe('bisecting', () => {
  const group = Int32Array.of(2, 5, 7, 8)
  const values = Float64Array.of(0, 1, 10, 11)

  it('takes the lowest inertia among fits that leave both sides the minimum, and gains the inertia of the group', () => {
    const fits = [
      { labels: Int32Array.of(1, 0, 0, 0), inertia: 0.1 },
      { labels: Int32Array.of(1, 1, 0, 0), inertia: 1 },
      { labels: Int32Array.of(0, 1, 0, 1), inertia: 90 },
    ]
    const split = chooseBisection(group, values, fits, 2)!
    expect(split.parts.map((part) => [...part])).toEqual([
      [2, 5],
      [7, 8],
    ])
    // By hand: mean 5.5, 2 × (5.5² + 4.5²).
    expect(split.gain).toBe(101)
    expect(chooseBisection(group, values, fits.slice(0, 1), 2)).toBeNull()
  })
})

describe('minimums', () => {
  const parse = (levels: unknown) => hierarchyConfig.safeParse({ method: 'hierarchy', levels })

  it('are the larger of customers and share, and never below the smallest group that may be told', () => {
    const level = { name: 'micro', count: 9, minimumCustomers: 100, minimumShare: 0.02 }
    expect(minimumOf(level, 1_000)).toBe(100)
    expect(minimumOf(level, 10_001)).toBe(201)
    expect(parse([{ name: 'micro', count: 9, minimumCustomers: 4 }]).success).toBe(false)
  })

  it('are refused with the remedy where customers do not suffice', () => {
    expect(() => checkMinimum(199, 100)).toThrow('Cannot make 2 segments of at least 100 customers from 199 customers.')
    expect(() => checkMinimum(200, 100)).not.toThrow()
    expect(() => checkSplit(1, 500, 100)).toThrow(TooFewCustomers)
    expect(() => checkSplit(2, 500, 100)).not.toThrow()
  })
})
