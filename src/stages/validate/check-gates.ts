import { formatCount, formatShare, formatThreshold } from '../../run/figures.ts'
import { gateOutcomes } from '../../run/verdict.ts'
import type { RunKind } from '../../run/run-kind.ts'
import type { GateCheck, GateOutcome } from '../../run/verdict.ts'
import { agreement, featureDrift, kpiMix, massChange, shareDrift } from './comparison/comparison-gates.ts'
import type { ComparisonMeasure } from './comparison/measures.ts'
import { gateNames, keptGateNames, scoreGateNames } from './config.ts'
import type { ClusterModel } from '../cluster/model.ts'
import type { GateName, GateThresholds, ValidateConfig } from './config.ts'
import type { PlacedCustomers } from './published-model.ts'
import { sizesShift } from './sizes-shift.ts'
import { compareSourceRows } from './source-rows.ts'
import type { SourceRows } from './source-rows.ts'
import { measureUnseenLevels } from './unseen-levels.ts'
import type { UnseenLevels } from './unseen-levels.ts'

/** The figures that gates look at. */
export interface GateFacts {
  readonly kind: RunKind
  /** A model from before placed everybody: how well it still fits is a question. */
  readonly isKept: boolean
  /** By the model of the run. */
  readonly placed: PlacedCustomers
  /** The same when that model was fitted; null: nobody kept it. */
  readonly fittedOn: PlacedCustomers | null
  /** Those with customers, at least one; shares add up to 1. */
  readonly segments: readonly {
    readonly segmentKey: string
    readonly name: string
    readonly customers: number
    /** Null: a fit found the segment, no definition says what it is. */
    readonly ownKey: string | null
    /** Mean Jaccard overlap over bootstrap samples; null: not computed. */
    readonly stability: number | null
  }[]
  readonly model: Pick<ClusterModel, 'method' | 'evidence' | 'insteadOf'>
  readonly customers: number
  readonly cleanRows: number
  readonly sourceRows: SourceRows
  readonly newLevels: UnseenLevels
  readonly panel: number
  /** What the comparison measured; empty on a first run. */
  readonly comparison: readonly ComparisonMeasure[]
  /** Null on a first run. */
  readonly published: {
    /** `shop@2026-07-01~1` */
    readonly runId: string
    readonly cleanRows: number
    /** Null: that run did not keep them. */
    readonly sourceRows: SourceRows | null
    /** Panel customers whose segment changed. */
    readonly moved: number
  } | null
}

interface Measured {
  readonly value: number | null
  readonly message: string
}

const levels = ['fail', 'hold', 'warn'] as const satisfies readonly GateOutcome[]

/** Every gate, computed: its outcome is the worst threshold that the value crosses. */
export function checkGates(config: ValidateConfig, facts: GateFacts): readonly GateCheck[] {
  const { kind, isKept, newLevels, customers, comparison, published } = facts
  const compared = { comparison, comparedWith: published?.runId ?? null }
  const measures: Readonly<Record<GateName, () => Measured | readonly Measured[]>> = {
    membershipChurn: () => membershipChurn(facts),
    smallestSegment: () => smallestFound(facts),
    smallestDefinedSegment: () => smallestDefined(facts),
    largestSegment: () => extremeSegment(facts, 'Largest'),
    outlierShare: () => outlierShare(facts),
    segmentShift: () => segmentShift(facts),
    rowCount: () => rowCount(facts),
    sourceRowChange: () => sourceRowChange(facts),
    newLevels: () => measureUnseenLevels(newLevels, customers, published?.runId ?? null),
    stability: () => stability(facts),
    clusterability: () => clusterability(facts),
    agreement: () => agreement(compared),
    featureDrift: () => featureDrift(compared),
    shareDrift: () => shareDrift(compared),
    kpiMix: () => kpiMix(compared),
    massChange: () => massChange(compared),
  }
  const thresholds: Readonly<Partial<Record<GateName, GateThresholds>>> =
    kind === 'score' ? { ...config, ...config.score } : { ...config.score, ...config }
  const ofRefit = gateNames.filter((gate) => isAbout(gate, facts))
  const names = kind === 'score' ? scoreGateNames : [...ofRefit, ...(isKept ? keptGateNames : [])]
  return names.map((gate) =>
    judgeWorst([measures[gate]()].flat().map((one) => judge(gate, one, thresholds[gate] ?? {}))),
  )
}

/** Where a fit found every segment there is nothing to say of those of a definition; nor of money, or of how features lay, that nobody knows. */
function isAbout(gate: GateName, { segments, comparison, published }: GateFacts): boolean {
  const hasMeasured = (measure: ComparisonMeasure['measure']): boolean =>
    comparison.some((one) => one.measure === measure)
  if (gate === 'smallestDefinedSegment') return segments.some(({ ownKey }) => ownKey !== null)
  if (gate === 'kpiMix') return hasMeasured('kpi_moved')
  if (gate === 'featureDrift') return published === null || hasMeasured('feature_drift')
  return true
}

/** Of checks of the same gate the first that is as bad as any. */
function judgeWorst(checks: readonly GateCheck[]): GateCheck {
  const badness = ({ outcome }: GateCheck): number => gateOutcomes.indexOf(outcome)
  return checks.reduce((worst, check) => (badness(check) > badness(worst) ? check : worst))
}

function judge(gate: GateName, { value, message }: Measured, thresholds: GateThresholds): GateCheck {
  if (value === null) return { gate, value, outcome: 'not-computable', threshold: null, message }
  for (const outcome of levels) {
    const side = thresholds[outcome]
    if (!side) continue
    const threshold = crossedSide(value, side)
    if (threshold !== null)
      return {
        gate,
        value,
        outcome,
        threshold,
        message: `${message} Outcome ${outcome}: ${formatThreshold(threshold)}.`,
      }
  }
  return { gate, value, outcome: 'pass', threshold: null, message }
}

/** The threshold that a value crosses; null: it lies within. */
function crossedSide(value: number, side: NonNullable<GateThresholds['warn']>): string | null {
  if ('above' in side && value > side.above) return `above ${side.above}`
  if ('below' in side && value < side.below) return `below ${side.below}`
  return null
}

function membershipChurn({ panel, published }: GateFacts): Measured {
  if (!published) return { value: null, message: 'Nothing is published yet: there is no membership to compare with.' }
  if (panel === 0)
    return {
      value: null,
      message: `No customer of this run is in the published ${published.runId}: none can have moved.`,
    }
  const share = published.moved / panel
  return {
    value: share,
    message: `${formatCount(published.moved)} of the ${formatCount(panel)} customers present in both (${formatShare(share)}) changed their segment since ${published.runId}.`,
  }
}

/** What a definition makes small is small on purpose; what a fit makes small may be chance. */
function smallestFound(facts: GateFacts): Measured {
  const segments = facts.segments.filter(({ ownKey }) => ownKey === null)
  if (segments.length > 0) return extremeSegment({ ...facts, segments }, 'Smallest')
  return { value: null, message: 'Every segment is one that the definition makes: see smallestDefinedSegment.' }
}

function smallestDefined(facts: GateFacts): Measured {
  return extremeSegment({ ...facts, segments: facts.segments.filter(({ ownKey }) => ownKey !== null) }, 'Smallest')
}

function extremeSegment({ segments, customers }: GateFacts, which: 'Smallest' | 'Largest'): Measured {
  const isBetter = (a: number, b: number): boolean => (which === 'Smallest' ? a < b : a > b)
  const extreme = segments.reduce((best, segment) => (isBetter(segment.customers, best.customers) ? segment : best))
  const share = extreme.customers / customers
  return {
    value: share,
    message: `${which} segment ${extreme.segmentKey} (${extreme.name}) has ${formatCount(extreme.customers)} of ${formatCount(customers)} customers (${formatShare(share)}).`,
  }
}

function outlierShare({ placed, customers, fittedOn }: GateFacts): Measured {
  const share = placed.outliers / customers
  const before = fittedOn ? `, ${formatShare(fittedOn.outliers / sumOf(fittedOn.sizes))} when the model was fitted` : ''
  return {
    value: share,
    message: `${formatCount(placed.outliers)} of ${formatCount(customers)} customers (${formatShare(share)}) are far from all segments${before}.`,
  }
}

function segmentShift({ placed, fittedOn }: GateFacts): Measured {
  if (!fittedOn) return { value: null, message: 'Nobody kept how large the segments were when the model was fitted.' }
  const shift = sizesShift(fittedOn.sizes, placed.sizes)
  return {
    value: shift,
    message: `${formatShare(shift)} of the customers would have to be in another segment for the sizes to be those when the model was fitted.`,
  }
}

function sumOf(sizes: readonly number[]): number {
  return sizes.reduce((sum, size) => sum + size, 0)
}

function stability({ segments, model }: GateFacts): Measured {
  const known = segments.flatMap(({ stability, ...segment }) => (stability === null ? [] : [{ ...segment, stability }]))
  if (known.length === 0) return { value: null, message: notJudged(model) }
  const least = known.reduce((weakest, segment) => (segment.stability < weakest.stability ? segment : weakest))
  return {
    value: least.stability,
    message: `Segment ${least.segmentKey} (${least.name}) comes back least when customers are drawn anew: an overlap of ${formatShare(least.stability)} (Jaccard).`,
  }
}

function clusterability({ model }: GateFacts): Measured {
  const { evidence, insteadOf, method } = model
  if (insteadOf)
    return { value: 0, message: `Method ${method} took the place of ${insteadOf.method}. ${insteadOf.reason}` }
  if (!evidence || evidence.predictionStrength === null) return { value: null, message: notJudged(model) }
  const { dipP, hopkins } = evidence.clusterability
  const peaks =
    dipP === null
      ? ''
      : ` Along the main direction there ${dipP < 0.05 ? 'are several peaks' : 'is one peak'} (dip test, p ${dipP.toFixed(3)}).`
  const heaps = hopkins === null ? '' : ` Hopkins statistic ${hopkins.toFixed(2)}.`
  return {
    value: evidence.predictionStrength,
    message: `Segments of one half of the customers predict the weakest of the other half by ${formatShare(evidence.predictionStrength)}.${peaks}${heaps}`,
  }
}

function notJudged({ method, evidence }: GateFacts['model']): string {
  return evidence
    ? 'There are too few customers to judge by, or cluster.bootstraps is 0.'
    : `Method ${method} does not look for groups: there are none to find again.`
}

function rowCount({ cleanRows, published }: GateFacts): Measured {
  if (!published)
    return { value: null, message: 'Nothing is published yet: there is no number of rows to compare with.' }
  if (published.cleanRows === 0)
    return { value: null, message: `The published ${published.runId} had no rows: a change has no share of them.` }
  const change = cleanRows / published.cleanRows - 1
  const words = change === 0 ? 'as many as' : `${formatShare(Math.abs(change))} ${change > 0 ? 'more' : 'fewer'} than`
  return {
    value: change,
    message: `${formatCount(cleanRows)} rows after cleansing, ${words} the ${formatCount(published.cleanRows)} of ${published.runId}.`,
  }
}

/** Cleansing hides a source that lost half of its rows when they were rejected before. */
function sourceRowChange({ sourceRows, published }: GateFacts): readonly Measured[] {
  if (!published)
    return [{ value: null, message: 'Nothing is published yet: there are no rows of sources to compare with.' }]
  const changes = compareSourceRows(sourceRows, published.sourceRows, published.runId)
  if (changes.length > 0) return changes
  return [{ value: null, message: `${published.runId} kept no count of rows of any source that this run reads.` }]
}
