import { adjustedRand } from '../stats/adjusted-rand.ts'
import { compareMeans } from '../stats/compare-means.ts'
import { momentsOf } from '../stats/moments.ts'
import { explainedLikelihood, explainedVariance, permutationP, type Grouping } from './explained.ts'
import { targetingGain } from './gain.ts'
import { rfmQuintiles } from './rfm-quintiles.ts'

/** Segments as they were published, and what their customers did since. All of shape (customers). */
export interface JudgedCustomers {
  readonly segments: Grouping
  /** Segments of the same customers when the outcome was known. */
  readonly laterSegments: Grouping
  /** Money and orders since. */
  readonly spend: Float64Array
  readonly orders: Float64Array
  /** Known when the segments were made. */
  readonly pastSpend: Float64Array
  readonly pastOrders: Float64Array
  /** Instant of the last order before, as a number that grows. */
  readonly lastOrder: Float64Array
  /** Share of those who bought since, and had bought before, who were in a segment: 0 to 1. */
  readonly coverage: number
}

/** A share of 0 to 1 each; null: the outcome does not tell. */
export interface EffectivenessParts {
  /** Corrected eta² of log(1 + spend). */
  readonly spendExplained: number | null
  /** Corrected pseudo-R² of whether they ordered. */
  readonly conversionExplained: number | null
  readonly targetingGain: number | null
  /** Share of the customers in segments whose mean spend surely differs from that of all others. */
  readonly kpiSpread: number | null
  /** Adjusted Rand index of the segments then and later. */
  readonly stability: number
  readonly coverage: number
}

export const effectivenessBands = ['low', 'moderate', 'good', 'high'] as const
export type EffectivenessBand = (typeof effectivenessBands)[number]

export interface Effectiveness {
  /** 0 to 100; null: nothing came that could be explained. */
  readonly index: number | null
  readonly band: EffectivenessBand | null
  readonly customers: number
  readonly segments: number
  readonly parts: EffectivenessParts
  /** The same two of plain RFM quintiles. */
  readonly rfm: Pick<EffectivenessParts, 'spendExplained' | 'conversionExplained'>
  /** How often segments by lot explain as much of the spend. */
  readonly permutationP: number
}

/** From here on a part of what is explained counts in full: more is rare of what people will do (McFadden 1979 calls 0.2 to 0.4 an excellent fit). */
const EXPLAINED_WELL = 0.4
const WEIGHTS = { spendExplained: 0.35, conversionExplained: 0.25, targetingGain: 0.25, kpiSpread: 0.15 } as const
/** Least index of each band but the first. */
const BANDS = [20, 40, 60] as const
const DRAWS = 199
const SEED = 20_240_101
/** Customers come in the order of a hash: the first so many are drawn by lot. */
const PERMUTED_CUSTOMERS = 100_000
const CONFIDENCE = 0.95

/**
 * What segments told of what came after them. The index is 100 × (0.35 spend + 0.25 conversion + 0.25 gain + 0.15 spread) × coverage × (1 +
 * stability) ÷ 2, where the first two are full at 0.4 and parts that the outcome does not tell are left out: so segments that explain nothing have
 * none, however stable they are.
 */
export function judgeEffectiveness(judged: JudgedCustomers): Effectiveness {
  const { segments, spend } = judged
  const logSpend = logarithms(spend)
  const parts = partsOf(judged)
  const index = indexOf(parts)
  const some = Math.min(spend.length, PERMUTED_CUSTOMERS)
  const drawn = { ...segments, labels: segments.labels.slice(0, some) }
  return {
    index,
    band: index === null ? null : effectivenessBands[BANDS.filter((least) => index >= least).length]!,
    customers: spend.length,
    segments: new Set(segments.labels).size,
    parts,
    rfm: explain(judged, rfmQuintiles([judged.lastOrder, judged.pastOrders, judged.pastSpend])),
    permutationP: permutationP(logSpend.slice(0, some), drawn, DRAWS, SEED),
  }
}

/** The index alone. @returns null: nothing came that could be explained */
export function effectivenessIndex(judged: JudgedCustomers): number | null {
  return indexOf(partsOf(judged))
}

function partsOf(judged: JudgedCustomers): EffectivenessParts {
  const { segments, spend, coverage } = judged
  return {
    ...explain(judged, segments),
    targetingGain: targetingGain(spend, judged.pastSpend, segments),
    kpiSpread: kpiSpread(spend, segments),
    stability: Math.max(0, adjustedRand(segments.labels, judged.laterSegments.labels)),
    coverage,
  }
}

function explain({ spend, orders }: JudgedCustomers, grouping: Grouping): Effectiveness['rfm'] {
  const converted = orders.map((count) => (count > 0 ? 1 : 0))
  return {
    spendExplained: explainedVariance(logarithms(spend), grouping)?.corrected ?? null,
    conversionExplained: explainedLikelihood(converted, grouping)?.corrected ?? null,
  }
}

function logarithms(spend: Float64Array): Float64Array {
  return spend.map((value) => Math.log1p(Math.max(0, value)))
}

function indexOf(parts: EffectivenessParts): number | null {
  if (parts.spendExplained === null && parts.conversionExplained === null) return null
  const full = { spendExplained: EXPLAINED_WELL, conversionExplained: EXPLAINED_WELL, targetingGain: 1, kpiSpread: 1 }
  let [sum, weight] = [0, 0]
  for (const part of Object.keys(WEIGHTS) as (keyof typeof WEIGHTS)[]) {
    const value = parts[part]
    if (value === null) continue
    sum += WEIGHTS[part] * Math.min(1, Math.max(0, value / full[part]))
    weight += WEIGHTS[part]
  }
  return ((100 * sum) / weight) * parts.coverage * ((1 + parts.stability) / 2)
}

/** @returns null with fewer than two segments that can be compared */
function kpiSpread(spend: Float64Array, { labels, groupCount }: Grouping): number | null {
  let [differing, compared] = [0, 0]
  for (let group = 0; group < groupCount; group++) {
    const own = momentsOf(spend.filter((_, i) => labels[i] === group))
    const rest = momentsOf(spend.filter((_, i) => labels[i] !== group))
    if (own.count < 2 || rest.count < 2) continue
    compared += own.count
    const { interval } = compareMeans(rest, own, CONFIDENCE)
    if (interval.lower > 0 || interval.upper < 0) differing += own.count
  }
  return compared === 0 ? null : differing / compared
}
