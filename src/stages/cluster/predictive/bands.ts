import { quantileSorted } from '../../../stats/quantile.ts'
import type { PredictiveAxis, PredictiveConfig } from './config.ts'
import type { PredictiveParameters } from './parameters.ts'
import type { Scores } from './scores.ts'

/** Bands of an axis, in the order of its cuts. */
const bandNames: Readonly<Record<PredictiveAxis, readonly string[]>> = {
  risk: ['active', 'at risk', 'lost'],
  value: ['low value', 'medium value', 'high value'],
  growth: ['declining', 'steady', 'growing'],
}

const axisScores: Readonly<Record<PredictiveAxis, keyof Scores>> = {
  risk: 'churn_risk',
  value: 'lifetime_value',
  growth: 'growth',
}

/** Shares of customers above the cuts of value. */
export function valueSharesOf({ bands }: Pick<PredictiveConfig, 'bands'>): readonly number[] {
  return [bands.value.medium, bands.value.high]
}

/**
 * The cuts of value to keep: those of the published model, where the pipeline wants that and they still mean the same.
 *
 * @param live of what is published; null without
 */
export function anchoredCuts(
  config: Pick<PredictiveConfig, 'bands' | 'discount'>,
  lifetimeDays: number,
  live: PredictiveParameters | null,
): readonly number[] | null {
  if (config.bands.value.cuts !== 'anchored' || live === null) return null
  const isSame =
    live.lifetimeDays === lifetimeDays &&
    live.discount === config.discount &&
    valueSharesOf(config).every((share, i) => share === live.valueShares[i])
  return isSame ? live.cuts.value : null
}

/**
 * Where bands begin: those of value by the shares of customers above them.
 *
 * @param anchored cuts of value to keep
 */
export function cutsOf(
  { bands }: Pick<PredictiveConfig, 'bands'>,
  scores: Scores,
  anchored: readonly number[] | null = null,
): PredictiveParameters['cuts'] {
  const values = scores.lifetime_value.filter((value) => !Number.isNaN(value)).sort()
  const from = (share: number): number => (values.length === 0 ? 0 : quantileSorted(values, 1 - share))
  return {
    risk: [bands.risk.atRisk, bands.risk.lost],
    value: anchored ?? [from(bands.value.medium), from(bands.value.high)],
    growth: [-bands.growth.declining, bands.growth.growing],
  }
}

export interface BandCluster {
  readonly ownKey: string
  readonly name: string
  readonly criteria: string
}

/** One a cluster number: every combination of bands, the first axis outermost, then those who never bought. */
export function bandClusters({
  by,
  cuts,
  hasNeverBought,
  horizonDays,
}: Pick<PredictiveParameters, 'by' | 'cuts' | 'hasNeverBought' | 'horizonDays'>): readonly BandCluster[] {
  let combined: readonly (readonly number[])[] = [[]]
  for (const axis of by) combined = combined.flatMap((bands) => bandNames[axis].map((_, band) => [...bands, band]))
  const clusters = combined.map((bands) => {
    const names = bands.map((band, at) => bandNames[by[at]!][band]!)
    const text = names.join(', ')
    return {
      ownKey: names.join('-').replaceAll(' ', '-'),
      name: text[0]!.toUpperCase() + text.slice(1),
      criteria: bands.map((band, at) => criterion(by[at]!, band, cuts[by[at]!], horizonDays)).join('; '),
    }
  })
  const never = { ownKey: 'never-bought', name: 'Never bought', criteria: 'no purchase so far' }
  return hasNeverBought ? [...clusters, never] : clusters
}

function criterion(axis: PredictiveAxis, band: number, cuts: readonly number[], horizonDays: number): string {
  const [from, below] = [cuts[band - 1], cuts[band]]
  const range = (text: (value: number) => string): string =>
    [
      ...(from === undefined ? [] : [`from ${text(from)}`]),
      ...(below === undefined ? [] : [`below ${text(below)}`]),
    ].join(' and ')
  switch (axis) {
    case 'risk':
      return `churn risk ${range((value) => `${Number((100 * value).toFixed(2))} %`)}`
    case 'value':
      return `lifetime value ${range((value) => value.toFixed(2))}`
    case 'growth':
      return `expected purchases of the next ${horizonDays} days minus those of the last ${range((value) => String(value))}`
  }
}

/** Clusters of customers, and how clearly they belong there. */
export interface BandPlacement {
  readonly cluster: Int32Array
  /** 0 where a band begins or ends, 1 in the middle of all of its bands or farther out; NaN for those who never bought. */
  readonly confidence: Float64Array
  /** Across the nearest border; −1 for those who never bought. */
  readonly nextCluster: Int32Array
}

export function placeInBands(
  scores: Scores,
  { by, cuts, hasNeverBought }: Pick<PredictiveParameters, 'by' | 'cuts' | 'hasNeverBought'>,
): BandPlacement {
  const count = scores.p_alive.length
  const strides = by.map((_, at) => by.slice(at + 1).reduce((size, axis) => size * bandNames[axis].length, 1))
  const neverBought = hasNeverBought ? by.reduce((size, axis) => size * bandNames[axis].length, 1) : -1
  const placed = {
    cluster: new Int32Array(count),
    confidence: new Float64Array(count).fill(NaN),
    nextCluster: new Int32Array(count).fill(-1),
  }
  for (let i = 0; i < count; i++) {
    if (Number.isNaN(scores.p_alive[i]!)) {
      placed.cluster[i] = neverBought < 0 ? lastBand(by, strides) : neverBought
      continue
    }
    let [cluster, nearest, step] = [0, Infinity, 0]
    by.forEach((axis, at) => {
      const { band, clarity, towards } = bandOf(scores[axisScores[axis]][i]!, cuts[axis])
      cluster += band * strides[at]!
      if (clarity < nearest) [nearest, step] = [clarity, towards * strides[at]!]
    })
    placed.cluster[i] = cluster
    placed.confidence[i] = nearest
    placed.nextCluster[i] = cluster + step
  }
  return placed
}

/** Somebody of whom nothing is known, among those with the highest risk and the least value: when such customers came after the fit. */
function lastBand(by: readonly PredictiveAxis[], strides: readonly number[]): number {
  return by.reduce((sum, axis, at) => sum + (axis === 'risk' ? bandNames.risk.length - 1 : 0) * strides[at]!, 0)
}

/** The band of a value, with how far it lies from the nearest cut, against half of the band (at the ends: of the band beside it). */
function bandOf(value: number, cuts: readonly number[]): { band: number; clarity: number; towards: -1 | 1 } {
  const band = cuts.filter((cut) => value >= cut).length
  const below = band === 0 ? Infinity : value - cuts[band - 1]!
  const above = band === cuts.length ? Infinity : cuts[band]! - value
  const half = (cuts[1]! - cuts[0]!) / 2
  const gap = Math.min(below, above)
  return { band, clarity: half > 0 ? Math.min(1, gap / half) : gap > 0 ? 1 : 0, towards: below <= above ? -1 : 1 }
}
