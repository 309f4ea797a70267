import { formatCount, formatShare } from '../../../run/figures.ts'
import type { ComparisonMeasure, MeasureName } from './measures.ts'

/** What a gate looks at: null where it cannot be computed. */
export interface GateValue {
  readonly value: number | null
  readonly message: string
}

/** What the gates of the comparison look at. */
export interface ComparisonFacts {
  readonly comparison: readonly ComparisonMeasure[]
  /** `shop@2026-07-01~1`; null on a first run. */
  readonly comparedWith: string | null
}

type Measure = (facts: ComparisonFacts) => GateValue

/** Beyond what chance gives: the index counts as 0 below it. */
function beyondChance({ value, previous }: ComparisonMeasure): number {
  return previous !== null && value <= previous ? 0 : value
}

export const agreement: Measure = ofOne('adjusted_mutual_information', ({ value }, run) => ({
  value,
  message: `Segments of today and of ${run} agree on the customers in both by ${value.toFixed(2)} (adjusted mutual information; 1: the same, 0: no more than chance).`,
}))

export const shareDrift: Measure = ofOne('share_drift', (found, run) => {
  const value = beyondChance(found)
  const chance = value === 0 && found.value > 0 ? ', which chance alone may give' : ''
  return {
    value,
    message: `The sizes of segments drifted by ${found.value.toFixed(3)} since ${run} (population stability index)${chance}.`,
  }
})

export const kpiMix: Measure = ofOne('kpi_moved', ({ value }, run) => ({
  value,
  message: `${formatShare(value)} of what the customers in both spend is in another segment than in ${run}.`,
}))

/** The feature that drifted most, beyond what chance gives; of those that grow by themselves, only the figures are kept. */
export function featureDrift({ comparison, comparedWith }: ComparisonFacts): GateValue {
  if (comparedWith === null) return nothingLive()
  const measured = comparison.filter(({ measure }) => measure === 'feature_drift')
  const features = measured.filter(({ grows }) => grows !== true)
  const [first, ...others] = features
  if (!first && measured.length > 0)
    return { value: 0, message: 'All features grow from run to run by themselves: that is no drift.' }
  if (!first)
    return {
      value: null,
      message: `No feature measures what one of ${comparedWith} measured, or nobody kept how it lay: there is no drift to tell.`,
    }
  const most = others.reduce((worst, one) => (beyondChance(one) > beyondChance(worst) ? one : worst), first)
  const value = beyondChance(most)
  return value === 0
    ? { value, message: `None of ${features.length} columns of features drifted beyond chance since ${comparedWith}.` }
    : {
        value,
        message: `${most.subject} drifted most, by ${value.toFixed(3)} since the model of ${comparedWith} was fitted (population stability index; from 0.1 noticeable, from 0.25 large).`,
      }
}

/** Fewer customers more or less say nothing of a segment, however small it is. */
const LEAST_CHANGE = 30

/** The segment whose number of customers changed most, as a share of what it had. Trips on a count and a share: see `LEAST_CHANGE`. */
export function massChange({ comparison, comparedWith }: ComparisonFacts): GateValue {
  if (comparedWith === null) return nothingLive()
  const changes = comparison.flatMap(({ measure, subject, value, previous }) =>
    measure === 'customers' && previous !== null && previous > 0 && Math.abs(value - previous) >= LEAST_CHANGE
      ? [{ subject, value, previous, change: (value - previous) / previous }]
      : [],
  )
  const [first, ...others] = changes
  if (!first)
    return {
      value: 0,
      message: `No segment has at least ${LEAST_CHANGE} customers more or fewer than in ${comparedWith}.`,
    }
  const most = others.reduce((worst, one) => (Math.abs(one.change) > Math.abs(worst.change) ? one : worst), first)
  return {
    value: Math.abs(most.change),
    message: `${most.subject} changed most: ${formatCount(most.value)} customers, ${formatCount(most.previous)} in ${comparedWith} (${most.change < 0 ? '' : '+'}${formatShare(most.change)}).`,
  }
}

function ofOne(measure: MeasureName, read: (found: ComparisonMeasure, run: string) => GateValue): Measure {
  return ({ comparison, comparedWith }) => {
    if (comparedWith === null) return nothingLive()
    const found = comparison.find((one) => one.measure === measure && one.subject === null)
    if (found) return read(found, comparedWith)
    return {
      value: null,
      message:
        measure === 'kpi_moved'
          ? 'No feature monetary says what customers spend, or nobody in both spends anything.'
          : `No customer of this run is in ${comparedWith}.`,
    }
  }
}

function nothingLive(): GateValue {
  return { value: null, message: 'Nothing is published yet: there is nothing to compare with.' }
}
