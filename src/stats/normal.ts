import { upperGammaShare } from './incomplete-gamma.ts'

const DENSITY_AT_ZERO = 1 / Math.sqrt(2 * Math.PI)

/** Share of the standard normal distribution above z, with all its digits also far out. */
export function normalTail(z: number): number {
  const half = upperGammaShare(0.5, (z * z) / 2) / 2
  return z < 0 ? 1 - half : half
}

export function normalDensity(z: number): number {
  return DENSITY_AT_ZERO * Math.exp((-z * z) / 2)
}

/**
 * What a share of the standard normal distribution lies below: a first guess (Abramowitz & Stegun 1964, 26.2.23), then Halley's steps.
 *
 * @param share 0 to 1; the ends give ∓ ∞
 */
export function normalQuantile(share: number): number {
  if (share <= 0) return -Infinity
  if (share >= 1) return Infinity
  const tail = Math.min(share, 1 - share)
  const t = Math.sqrt(-2 * Math.log(tail))
  let z = t - (2.515517 + t * (0.802853 + t * 0.010328)) / (1 + t * (1.432788 + t * (0.189269 + t * 0.001308)))
  for (let step = 0; step < 4; step++) {
    const error = (tail - normalTail(z)) / normalDensity(z)
    z -= error / (1 + (z * error) / 2)
  }
  return share < 0.5 ? -z : z
}
