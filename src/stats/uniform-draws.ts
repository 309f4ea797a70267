import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64'
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus'

const WARM_UP = 16

/**
 * Draws from [0, 1). The generator begins nearly alike for neighbouring seeds, and starts have neighbouring seeds: so the seed is spread over
 * all bits (the finaliser of MurmurHash3), and the first draws are thrown away.
 */
export function uniformDraws(seed: number): () => number {
  let spread = seed ^ Math.floor(seed / 2 ** 32)
  spread = Math.imul(spread ^ (spread >>> 16), 0x85ebca6b)
  spread = Math.imul(spread ^ (spread >>> 13), 0xc2b2ae35)
  const generator = xoroshiro128plus(spread ^ (spread >>> 16))
  for (let i = 0; i < WARM_UP; i++) uniformFloat64(generator)
  return () => uniformFloat64(generator)
}
