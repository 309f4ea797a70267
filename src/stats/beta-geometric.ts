/**
 * The models of repeat buying while alive that differ in when one may die: BG/NBD after a repeat purchase (Fader, Hardie & Lee 2005),
 * MBG/NBD also right after the first one (Batislam, Denizel & Filiztekin 2007; Hoppe & Wagner 2007).
 */
export type BetaGeometricModel = 'bgNbd' | 'mbgNbd'

/** Purchase rates are Gamma(r, α) over units, chances to die after a purchase Beta(a, b). α is in the unit of time. */
export interface BetaGeometricParameters {
  readonly r: number
  readonly alpha: number
  readonly a: number
  readonly b: number
}

/** One row a unit; all in one unit of time. */
export interface RepeatHistories {
  /** Purchases after the first: x. */
  readonly repeats: Float64Array
  /** From the first to the last purchase: t_x; 0 without a repeat. */
  readonly lastAges: Float64Array
  /** From the first purchase to the end of observation: T. */
  readonly ages: Float64Array
}

/** Second parameter of the beta distribution of somebody alive after x repeats. */
export function betaAlive(model: BetaGeometricModel, b: number, repeats: number): number {
  return b + repeats + (model === 'mbgNbd' ? 1 : 0)
}

/** Logarithm of the odds of being dead at T; −Infinity where the model knows no way to have died. */
export function deathLogOdds(
  model: BetaGeometricModel,
  { r, alpha, a, b }: BetaGeometricParameters,
  repeats: number,
  lastAge: number,
  age: number,
): number {
  if (repeats === 0 && model === 'bgNbd') return -Infinity
  const waited = Math.log1p((age - lastAge) / (alpha + lastAge))
  return Math.log(a) - Math.log(betaAlive(model, b, repeats) - 1) + (r + repeats) * waited
}

/** The first row that cannot have happened, and why; null when all can. */
export function findImpossible({ repeats, lastAges, ages }: RepeatHistories): { row: number; why: string } | null {
  for (let row = 0; row < ages.length; row++) {
    const [x, last, age] = [repeats[row]!, lastAges[row]!, ages[row]!]
    const why =
      !Number.isFinite(x) || !Number.isFinite(last) || !Number.isFinite(age)
        ? 'a number is missing'
        : x < 0 || !Number.isInteger(x)
          ? 'repeat purchases are no whole number from 0'
          : last < 0
            ? 'the last purchase lies before the first'
            : age < last
              ? 'the last purchase lies after the end of observation'
              : x > 0 && last === 0
                ? 'there are repeat purchases, but none later than the first'
                : x === 0 && last > 0
                  ? 'there is a last purchase after the first, but no repeat purchase'
                  : null
    if (why !== null) return { row, why }
  }
  return null
}
