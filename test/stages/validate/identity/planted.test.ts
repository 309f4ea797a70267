import { describe, expect, it } from 'vitest'
import { playQuarters } from './planted-quarters.ts'
import { plantedChanges } from './planted-world.ts'

const SEEDS = [1, 2, 3, 4]

describe('changes planted in generated quarters', { timeout: 60_000 }, () => {
  it.each(plantedChanges)('are found and told as what they are, and nothing else is: %s', (change) => {
    // Groups four standard deviations apart, a tenth of the customers change for no reason.
    for (const seed of SEEDS) {
      const { others, ...played } = playQuarters({ change, separation: 4, noise: 0.1, seed })
      expect({ seed, ...played }).toEqual({ seed, isFound: true, kept: others, falseEdges: 0 })
    }
  })
})
