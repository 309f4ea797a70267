/** Cumulative shares of a Poisson distribution of mean 1; above them it is one more, which happens twice in a million. */
const CUMULATIVE = [1, 2, 2.5, 16 / 6, 65 / 24, 326 / 120, 1957 / 720, 13_700 / 5_040, 109_601 / 40_320].map(
  (sum) => sum / Math.E,
)

/**
 * How often a unit is in a resample of the Poisson bootstrap (Oza & Russell 2001; Chamandy et al. 2012): Poisson of mean 1, by the unit alone, so
 * that it is drawn alike wherever it is met.
 *
 * @param key of the unit, an integer; units of different keys are drawn apart
 * @param resample 0 or more
 */
export function poissonWeight(key: number, resample: number): number {
  let spread = Math.imul(key | 0, 0x9e3779b1) ^ Math.imul(resample + 1, 0x85ebca6b)
  // The finaliser of MurmurHash3, twice: neighbouring keys and resamples must not go together.
  for (let round = 0; round < 2; round++) {
    spread = Math.imul(spread ^ (spread >>> 16), 0x85ebca6b)
    spread = Math.imul(spread ^ (spread >>> 13), 0xc2b2ae35)
    spread ^= spread >>> 16
  }
  const share = (spread >>> 0) / 2 ** 32
  const found = CUMULATIVE.findIndex((below) => share < below)
  return found === -1 ? CUMULATIVE.length : found
}
