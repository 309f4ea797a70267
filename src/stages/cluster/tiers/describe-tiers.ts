import type { FeatureUnit } from '../../features/catalogue/entry.ts'
import { numberInWords } from '../number-in-words.ts'
import type { TierParameters } from './fit-tiers.ts'

/** Each tier for people, in the order of clusters: `monetary above 942.28 and at most 2,058.43`. */
export function describeTiers(parameters: TierParameters, unit: FeatureUnit): readonly string[] {
  const { cuts, side, tiers, feature, nonPositive, unknown } = parameters
  const words = side === 'above' ? { from: 'above', to: 'at most' } : { from: 'at least', to: 'below' }
  const ofCuts = tiers.map((_, cluster) => {
    const position = tiers.length - 1 - cluster
    const [low, high] = [cuts[position - 1], cuts[position]]
    if (low !== undefined && low === high) return `nobody: two cuts of ${feature} are ${inWords(low, unit)}`
    const from = low === undefined ? [] : [`${words.from} ${inWords(low, unit)}`]
    const to = high === undefined ? [] : [`${words.to} ${inWords(high, unit)}`]
    const isLowest = position === 0
    const aboveZero = isLowest && nonPositive ? ['above 0'] : []
    const orMissing = isLowest && !unknown && !parameters.flags.unknown ? ', or missing' : ''
    return `${feature} ${[...aboveZero, ...from, ...to].join(' and ')}${orMissing}`
  })
  return [
    ...ofCuts,
    ...(nonPositive ? [`${feature} ${inWords(0, unit)} or less`] : []),
    ...(unknown ? [`${feature} missing`] : []),
  ]
}

/** Cuts lie between values; more than four digits after the point say nothing to people. */
function inWords(cut: number, unit: FeatureUnit): string {
  return numberInWords(Math.round(cut * 1e4) / 1e4, unit)
}
