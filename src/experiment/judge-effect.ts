import type { Effect, EffectVerdict } from './effect.ts'
import { formatDifference, formatP } from './figures.ts'

export interface JudgeOptions {
  readonly alpha: number
  readonly isMismatch: boolean
  readonly minimumEffect: number | null
}

/** What may be said of an effect, in words that promise no more than the figures do. */
export function judgeEffect(effect: Omit<Effect, 'verdict'>, options: JudgeOptions): EffectVerdict {
  const { alpha, isMismatch } = options
  const { arm, metric, segments, interaction } = effect
  if (isMismatch) {
    const words = `Not known what ${arm} does to ${metric}: the arms are not of the sizes that were meant, so they may differ in more than the treatment. Find out why first.`
    return { outcome: 'not-known', words, segmentWords: null }
  }
  const { outcome, words } = judgeOverall(effect, options)
  if (segments.length === 0) return { outcome, words, segmentWords: null }
  const figure = `p = ${formatP(interaction.p)}`
  const clear = segments.filter(({ comparison }) => comparison && comparison.adjustedP < alpha)
  const named =
    clear.length === 0 ? '' : ` On its own it is clear in ${clear.map(({ segment }) => segment).join(', ')}.`
  const segmentWords =
    interaction.p < alpha
      ? `Segments respond differently (${figure}).${named}`
      : `Not known whether segments respond differently (${figure}).${named}`
  return { outcome, words, segmentWords }
}

function judgeOverall(
  { arm, metric, kind, overall }: Omit<Effect, 'verdict'>,
  { alpha, minimumEffect }: JudgeOptions,
): Pick<EffectVerdict, 'outcome' | 'words'> {
  if (overall === null)
    return {
      outcome: 'not-known',
      words: `Not known what ${arm} does to ${metric}: an arm has fewer than two customers.`,
    }
  const { difference, interval, adjustedP } = overall
  const figure = (value: number): string => formatDifference(value, kind)
  const between = `${figure(interval.lower)} to ${figure(interval.upper)}`
  if (adjustedP < alpha) {
    const outcome = difference > 0 ? 'higher' : 'lower'
    const small =
      minimumEffect !== null && Math.max(Math.abs(interval.lower), Math.abs(interval.upper)) < minimumEffect
        ? ' That is less than what matters.'
        : ''
    const words = `${arm} makes ${metric} ${outcome} by ${figure(Math.abs(difference)).slice(1)} (${between}; p = ${formatP(adjustedP)}).${small}`
    return { outcome, words }
  }
  if (minimumEffect !== null && interval.lower > -minimumEffect && interval.upper < minimumEffect)
    return { outcome: 'no-difference', words: `${arm} does not change ${metric} by as much as matters (${between}).` }
  return {
    outcome: 'not-known',
    words: `Not known what ${arm} does to ${metric}: anything from ${between} would look like this (p = ${formatP(adjustedP)}).`,
  }
}
