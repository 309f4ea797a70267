import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64'
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus'

/** Seeded draws: same seed, same sequence, on every machine. */
export class Random {
  private readonly generator: ReturnType<typeof xoroshiro128plus>

  constructor(seed: number) {
    this.generator = xoroshiro128plus(seed)
  }

  /** Uniform in [0, 1). */
  share(): number {
    return uniformFloat64(this.generator)
  }

  /** Uniform in [from, to). */
  between(from: number, to: number): number {
    return from + (to - from) * this.share()
  }

  /** Whole number in [from, to]. */
  whole(from: number, to: number): number {
    return from + Math.floor(this.share() * (to - from + 1))
  }

  chance(probability: number): boolean {
    return this.share() < probability
  }

  pick<T>(items: readonly T[]): T {
    return items[Math.floor(this.share() * items.length)]!
  }

  /** Index drawn with the given weights. */
  weighted(weights: readonly number[]): number {
    let left = this.share() * weights.reduce((sum, weight) => sum + weight, 0)
    for (const [index, weight] of weights.entries()) {
      left -= weight
      if (left < 0) return index
    }
    return weights.length - 1
  }

  /**
   * Positive factor with mean 1 and the given spread (sigma of its logarithm). The normal draw is the sum of three uniforms
   * (Irwin–Hall), which uses only exact operations besides `Math.exp` and has no tails beyond 3 sigma.
   */
  factor(spread: number): number {
    const normal = 2 * (this.share() + this.share() + this.share() - 1.5)
    return Math.exp(spread * normal - (spread * spread) / 2)
  }
}
