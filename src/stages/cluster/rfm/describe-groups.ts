import type { FeatureUnit } from '../../features/catalogue/entry.ts'
import { numberInWords } from '../number-in-words.ts'
import { readCells } from './groups.ts'
import type { RfmGroup } from './groups.ts'
import type { RfmParameters } from './place-scores.ts'

/** A group for people: `recency at most 14 days (score 5), frequency and monetary score 4 to 5`. */
export function describeGroup({ cells }: RfmGroup, parameters: RfmParameters, unit: FeatureUnit): string {
  return cells
    .map(readCells)
    .map(({ recency, value }) => {
      const bounds = recencyBounds(recency, parameters, unit)
      const score = `score ${range(recency)}`
      const { feature } = parameters.dimensions.recency
      const ofRecency = bounds === null ? `any ${feature} (${score})` : `${feature} ${bounds} (${score})`
      return `${ofRecency}, frequency and monetary score ${range(value)}`
    })
    .join('; or ')
}

/** Score s of n are the values above cut n − s and up to the next one. */
function recencyBounds(
  [from, to]: readonly [number, number],
  { scores, dimensions }: RfmParameters,
  unit: FeatureUnit,
): string | null {
  const { cuts } = dimensions.recency
  const above = to === scores ? null : `above ${numberInWords(rounded(cuts[scores - to - 1]!), unit)}`
  const upTo = from === 1 ? null : `at most ${numberInWords(rounded(cuts[scores - from]!), unit)}`
  return above && upTo ? `${above} and ${upTo}` : (above ?? upTo)
}

/** Cut points lie between values; more than two decimals say nothing to people. */
function rounded(cut: number): number {
  return Math.round(cut * 100) / 100
}

function range([from, to]: readonly [number, number]): string {
  return from === to ? `${from}` : `${from} to ${to}`
}
