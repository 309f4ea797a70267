import { formatCount, formatShare } from '../../../run/figures.ts'
import { sizesShift } from '../sizes-shift.ts'
import { listSegment, regularRuns, type GateFacts, type QualityGate } from './entry.ts'

const fitRemedy =
  'Ask for fewer segments (cluster.count), leave out features that say little, or declare a method whose segments last by definition (rules, rfm); see docs/guides/methods/choosing.md. Then rerun.'

export const separation: QualityGate = {
  kind: 'quality',
  unit: 'index',
  runs: regularRuns,
  meaning:
    'How far segments lie apart: the mean silhouette width of the sample that the fit was chosen on, of levels and layers the weakest.',
  formula: 'mean of (b − a) ÷ max(a, b): a, b the mean distances to the own and to the nearest other segment (−1 to 1)',
  defaults: { warn: { below: 0.1 } },
  source:
    'Rousseeuw 1987; Kaufman & Rousseeuw 1990 call up to 0.25 no substantial structure. Customers in several features seldom reach it and are segmented with gain all the same: we warn below 0.1.',
  why: 'Where segments run into each other, small changes move many customers across a border.',
  remedy: fitRemedy,
  isAbout: ({ model }) => separations(model).length > 0,
  measure: ({ model }) => {
    const value = Math.min(...separations(model))
    return [
      { value, message: `Mean silhouette width ${value.toFixed(3)} (1: far apart, 0: they run into each other).` },
    ]
  },
}

function separations({ candidates }: GateFacts['model']): readonly number[] {
  return candidates.flatMap(({ chosen, silhouette }) => (chosen && silhouette !== null ? [silhouette] : []))
}

export const stability: QualityGate = {
  kind: 'quality',
  unit: 'share',
  runs: regularRuns,
  bySegment: true,
  meaning:
    'How well the least stable segment comes back when customers are drawn anew: mean Jaccard overlap over bootstrap samples.',
  formula: 'mean over samples of |A ∩ B| ÷ |A ∪ B| with the most alike cluster; the smallest of the segments',
  defaults: { warn: { below: 0.75 }, whenNotComputable: 'pass' },
  source: 'Hennig 2007: from 0.85 highly stable, from 0.75 valid, below 0.6 not to be trusted.',
  why: 'A segment that other customers of the same kind would not have made is chance: next quarter it is gone.',
  remedy: fitRemedy,
  isAbout: ({ model }) => model.evidence !== undefined,
  measure: ({ segments, model }) => {
    const known = segments.flatMap(({ stability, ...segment }) =>
      stability === null ? [] : [{ ...segment, stability }],
    )
    if (known.length === 0) return [{ value: null, message: notJudged(model) }]
    return known
      .sort((a, b) => a.stability - b.stability)
      .map(({ segmentKey, name, customers, stability }, rank) => ({
        subject: segmentKey,
        value: stability,
        message: `Segment ${segmentKey} (${name}) comes back ${rank === 0 ? 'least ' : ''}when customers are drawn anew: an overlap of ${formatShare(stability)} (Jaccard).`,
        customers,
        list: listSegment(segmentKey),
      }))
  },
}

export const clusterability: QualityGate = {
  kind: 'quality',
  unit: 'share',
  runs: regularRuns,
  meaning:
    'How well the segments of one half of the customers predict those of the other half; 0 when the fallback method took over.',
  formula: 'prediction strength: smallest share of pairs of a segment that the other half keeps together',
  defaults: { warn: { below: 0.5 }, whenNotComputable: 'pass' },
  source:
    'Tibshirani & Walther 2005 ask for 0.8 to 0.9. Our measurement: one heap that is cut in three or more seldom reaches 0.5, groups that lie apart have 0.8 and more.',
  why: 'Below, customers are one heap and the borders in it are arbitrary, however useful.',
  remedy: fitRemedy,
  isAbout: ({ model }) => model.evidence !== undefined || model.insteadOf !== undefined,
  measure: ({ model }) => {
    const { evidence, insteadOf, method } = model
    if (insteadOf)
      return [{ value: 0, message: `Method ${method} took the place of ${insteadOf.method}. ${insteadOf.reason}` }]
    if (!evidence || evidence.predictionStrength === null) return [{ value: null, message: notJudged(model) }]
    const { dipP, hopkins } = evidence.clusterability
    const peaks =
      dipP === null
        ? ''
        : ` Along the main direction there ${dipP < 0.05 ? 'are several peaks' : 'is one peak'} (dip test, p ${dipP.toFixed(3)}).`
    const heaps = hopkins === null ? '' : ` Hopkins statistic ${hopkins.toFixed(2)}.`
    return [
      {
        value: evidence.predictionStrength,
        message: `Segments of one half of the customers predict the weakest of the other half by ${formatShare(evidence.predictionStrength)}.${peaks}${heaps}`,
      },
    ]
  },
}

function notJudged({ method, evidence }: GateFacts['model']): string {
  return evidence
    ? 'There are too few customers to judge by, or cluster.bootstraps is 0.'
    : `Method ${method} does not look for groups: there are none to find again.`
}

const placedRemedy =
  'See what is new about these customers: a new market, a changed source. Where they are here to stay, let a refit form segments anew (`resegment run PIPELINE --refit always`).'

export const outlierShare: QualityGate = {
  kind: 'quality',
  unit: 'share',
  runs: ['kept', 'score'],
  meaning: 'Share of customers far from all segments of the model that placed them.',
  formula: 'customers farther from their centre than all but few were when the model was fitted ÷ all customers',
  defaults: {},
  scoreDefaults: { warn: { above: 0.05 }, hold: { above: 0.2 } },
  source: 'Our convention: by definition one in two hundred customers is far when a model is fitted.',
  why: 'The model has not seen such customers: it says where they are nearest to, not where they belong.',
  remedy: placedRemedy,
  measure: ({ placed, customers, fittedOn }) => {
    const share = placed.outliers / customers
    const before = fittedOn
      ? `, ${formatShare(fittedOn.outliers / sumOf(fittedOn.sizes))} when the model was fitted`
      : ''
    return [
      {
        value: share,
        message: `${formatCount(placed.outliers)} of ${formatCount(customers)} customers (${formatShare(share)}) are far from all segments${before}.`,
        customers: placed.outliers,
        list: 'resegment moves RUN --all --outliers',
      },
    ]
  },
}

export const segmentShift: QualityGate = {
  kind: 'quality',
  unit: 'share',
  runs: ['kept', 'score'],
  meaning:
    'How far the sizes of segments are from those when the model was fitted: the least share of customers who would have to be elsewhere.',
  formula: 'half the sum of |share now − share then| over segments (total variation)',
  defaults: {},
  scoreDefaults: { warn: { above: 0.1 }, hold: { above: 0.25 }, whenNotComputable: 'warn' },
  source: 'Our convention, in the order of the churn of a score run.',
  why: 'Segments that drain into others day by day describe a population that is not there any more.',
  remedy: placedRemedy,
  measure: ({ placed, fittedOn }) => {
    if (!fittedOn)
      return [{ value: null, message: 'Nobody kept how large the segments were when the model was fitted.' }]
    const shift = sizesShift(fittedOn.sizes, placed.sizes)
    return [
      {
        value: shift,
        message: `${formatShare(shift)} of the customers would have to be in another segment for the sizes to be those when the model was fitted.`,
      },
    ]
  },
}

function sumOf(sizes: readonly number[]): number {
  return sizes.reduce((sum, size) => sum + size, 0)
}
