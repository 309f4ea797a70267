import { describe, expect, it } from 'vitest'
import { dissolveSmall, settleLevels } from '../../../../src/stages/cluster/hierarchy/settle-levels.ts'
import type { Leaf } from '../../../../src/stages/cluster/hierarchy/settle-levels.ts'

const leaf = (at: number, size: number, path: readonly number[]): Leaf => ({ centre: [at], size, path })
const plain = { ownKey: null, name: null, criteria: null }

describe('groups that are too small', () => {
  const rows = [0, 0, 0, 0, 1, 10, 10, 10, 10, 12, 12, 12]
  const centres = [0, 1, 10, 12]
  const countAt = (kept: readonly number[]): Promise<readonly number[]> => {
    const sizes = kept.map(() => 0)
    for (const row of rows) {
      const distances = kept.map((centre) => Math.abs(centres[centre]! - row))
      sizes[distances.indexOf(Math.min(...distances))]! += 1
    }
    return Promise.resolve(sizes)
  }

  it('dissolve one by one into what is next, the smallest first', async () => {
    expect(await dissolveSmall(4, 3, countAt)).toEqual({ kept: [0, 2, 3], sizes: [5, 4, 3] })
    expect(await dissolveSmall(4, 5, countAt)).toEqual({ kept: [0, 2], sizes: [5, 7] })
  })

  it('leave one that has everybody', async () => {
    expect(await dissolveSmall(4, 13, countAt)).toEqual({ kept: [2], sizes: [12] })
  })
})

describe('numbering a hierarchy', () => {
  it('gives the finest level the first numbers, from the largest group, and names the parents', () => {
    // Groups 0 and 1 above; leaves of 10, 30 | 20, 25.
    const settled = settleLevels(
      [leaf(0, 10, [0, 0]), leaf(1, 30, [0, 1]), leaf(8, 20, [1, 2]), leaf(9, 25, [1, 3])],
      [5, 5],
    )
    expect(settled.sizes).toEqual([30, 25, 20, 10])
    expect(settled.centres).toEqual([[1], [9], [8], [0]])
    // 40 and 45: the second group above is the larger one.
    expect(settled.clusters).toEqual([
      { ...plain, level: 0, parent: 5 },
      { ...plain, level: 0, parent: 4 },
      { ...plain, level: 0, parent: 4 },
      { ...plain, level: 0, parent: 5 },
      { ...plain, level: 1, parent: null },
      { ...plain, level: 1, parent: null },
    ])
  })

  it('joins a group above the finest that is too small with its nearest sibling, within its own parent', () => {
    // Three levels. Group 2 of the middle has 4: its sibling is 3, though 1 of the other parent is nearer.
    const settled = settleLevels(
      [leaf(0, 20, [0, 0, 0]), leaf(10, 20, [0, 1, 1]), leaf(11, 4, [1, 2, 2]), leaf(40, 30, [1, 3, 3])],
      [15, 10, 2],
    )
    expect(settled.clusters.filter(({ level }) => level === 1)).toHaveLength(3)
    // Leaves by size: 30, 20 (at 0), 20 (at 10), 4. Middle from number 4: 34, 20, 20. Top from 7: 40, 34.
    expect(settled.clusters.map(({ parent }) => parent)).toEqual([4, 5, 6, 4, 8, 7, 7, null, null])
  })

  it('joins groups of the coarsest level first, whose children then have siblings', () => {
    const settled = settleLevels([leaf(0, 20, [0, 0, 0]), leaf(5, 20, [0, 1, 1]), leaf(9, 4, [1, 2, 2])], [10, 10, 2])
    expect(settled.clusters.map(({ level }) => level)).toEqual([0, 0, 0, 1, 1, 2])
    expect(settled.clusters.map(({ parent }) => parent)).toEqual([4, 3, 3, 5, 5, null])
  })

  it('numbers equal sizes by their centres', () => {
    const { centres } = settleLevels([leaf(9, 5, [0]), leaf(1, 5, [1]), leaf(4, 5, [2])], [1])
    expect(centres).toEqual([[1], [4], [9]])
  })
})
