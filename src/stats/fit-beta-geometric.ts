import { betaAlive, deathLogOdds } from './beta-geometric.ts'
import type { BetaGeometricModel, BetaGeometricParameters, RepeatHistories } from './beta-geometric.ts'
import { collapseRows } from './collapse-rows.ts'
import { digamma, logGamma } from './log-gamma.ts'
import { maximiseLikelihood, notEnoughRows } from './maximise-likelihood.ts'
import type { LikelihoodFit } from './maximise-likelihood.ts'

export interface BetaGeometricTask extends RepeatHistories {
  readonly model: BetaGeometricModel
  /** Fewer rows with a repeat are too few. */
  readonly leastRepeatRows: number
}

/**
 * Maximum likelihood over distinct rows in ascending order: the result does not depend on the order of rows.
 *
 * @param task rows that can have happened, see `findImpossible`
 */
export function fitBetaGeometric(task: BetaGeometricTask): LikelihoodFit<BetaGeometricParameters> {
  const rowCount = task.ages.length
  const repeatRows = task.repeats.reduce((count, x) => count + (x > 0 ? 1 : 0), 0)
  if (repeatRows < Math.max(1, task.leastRepeatRows)) return notEnoughRows(rowCount, repeatRows)
  const rows = collapseRows([task.repeats, task.ages, task.lastAges])
  const [repeats, ages, lastAges] = rows.columns as [Float64Array, Float64Array, Float64Array]
  const scale = meanOf(ages, rows.counts)
  if (!(scale > 0)) return notEnoughRows(rowCount, repeatRows)
  return maximiseLikelihood({
    ...{ rowCount, repeatRows, scales: [1, scale, 1, 1], start: [1, 1, 1, 1] },
    parametersOf: ([r, alpha, a, b]) => ({ r: r!, alpha: alpha!, a: a!, b: b! }),
    logLikelihood: likelihoodOf(task.model, { repeats, ages, lastAges }, rows.counts),
  })
}

function meanOf(values: Float64Array, counts: Float64Array): number {
  let [sum, count] = [0, 0]
  for (let i = 0; i < values.length; i++) {
    sum += values[i]! * counts[i]!
    count += counts[i]!
  }
  return sum / count
}

/** @returns log-likelihood of rows sorted by repeats; it writes the derivatives by r, α, a and b */
function likelihoodOf(model: BetaGeometricModel, { repeats, ages, lastAges }: RepeatHistories, counts: Float64Array) {
  return (parameters: BetaGeometricParameters, gradient: Float64Array): number => {
    const { r, alpha, a, b } = parameters
    let [sum, byR, byAlpha, byA, byB] = [0, 0, 0, 0, 0]
    for (let i = 0; i < ages.length;) {
      const x = repeats[i]!
      const shape = r + x
      const alive = betaAlive(model, b, x)
      let group = 0
      for (; i < ages.length && repeats[i] === x; i++) {
        const count = counts[i]!
        const [late, lastly] = [alpha + ages[i]!, alpha + lastAges[i]!]
        const logOdds = deathLogOdds(model, parameters, x, lastAges[i]!, ages[i]!)
        const dead = 1 / (1 + Math.exp(-logOdds))
        const logLate = Math.log(late)
        sum += count * (softPlus(logOdds) - shape * logLate)
        byR += count * (dead * Math.log1p((ages[i]! - lastAges[i]!) / lastly) - logLate)
        byAlpha += count * shape * (dead * (1 / late - 1 / lastly) - 1 / late)
        byA += (count * dead) / a
        byB -= dead === 0 ? 0 : (count * dead) / (alive - 1)
        group += count
      }
      sum += group * (logGamma(shape) - logGamma(r) + r * Math.log(alpha) + logBetaRatio(a, b, alive))
      byR += group * (digamma(shape) - digamma(r) + Math.log(alpha))
      byAlpha += (group * r) / alpha
      byA += group * (digamma(a + b) - digamma(a + alive))
      byB += group * (digamma(alive) - digamma(a + alive) - digamma(b) + digamma(a + b))
    }
    gradient.set([byR, byAlpha, byA, byB])
    return sum
  }
}

/** ln B(a, alive) − ln B(a, b). */
function logBetaRatio(a: number, b: number, alive: number): number {
  return logGamma(alive) - logGamma(a + alive) - logGamma(b) + logGamma(a + b)
}

/** ln(1 + e^u). */
function softPlus(u: number): number {
  return Math.max(u, 0) + Math.log1p(Math.exp(-Math.abs(u)))
}
