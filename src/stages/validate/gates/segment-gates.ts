import { formatCount, formatShare } from '../../../run/figures.ts'
import {
  everyRun,
  listSegment,
  regularRuns,
  type GateFacts,
  type GateFinding,
  type GateSegment,
  type QualityGate,
} from './entry.ts'

const sizeRemedy =
  'See who is in the segment. Approve where the business explains it; else lower cluster.count, widen the windows of features, or merge or split the definition of segments, and rerun.'

export const minimumCustomers: QualityGate = {
  kind: 'quality',
  unit: 'count',
  runs: everyRun,
  meaning: 'How many customers the candidate has.',
  formula: 'customers with a segment',
  defaults: { warn: { below: 100 }, hold: { below: 10 } },
  source:
    'Our convention: a share of 100 customers is known to ± 10 points (95 %); of fewer than 10 nobody makes segments.',
  why: 'Of few customers every figure is chance: shares, profiles and borders of segments will be others next time.',
  remedy:
    'See that sources and filters let all customers through (`resegment describe RUN` counts the rows of each stage). Widen the windows of features so that more customers qualify.',
  measure: ({ customersInAll: customers }) => [
    { value: customers, message: `The candidate has ${formatCount(customers)} customers.`, customers },
  ],
}

export const smallestSegment: QualityGate = {
  kind: 'quality',
  unit: 'share',
  runs: regularRuns,
  bySegment: true,
  ofNobody: 0,
  meaning: 'Share of the smallest segment that a fit found.',
  formula: 'customers of the segment ÷ all customers; the smallest',
  defaults: { hold: { below: 0.01 } },
  source: 'Our convention: fewer than one in a hundred customers are seldom worth a treatment of their own.',
  why: 'A tiny segment is often a handful of odd customers that a fit could not place, and a campaign for it reaches nobody.',
  remedy: sizeRemedy,
  isAbout: ({ segments }) => segments.some(({ ownKey }) => ownKey === null),
  // What a definition makes small is small on purpose; what a fit makes small may be chance.
  measure: (facts) =>
    sizes(
      facts,
      facts.segments.filter(({ ownKey }) => ownKey === null),
      'Smallest',
    ),
}

export const smallestDefinedSegment: QualityGate = {
  ...smallestSegment,
  meaning:
    'Share of the smallest segment that the definition makes: of rules, RFM groups, tiers, bands and their combinations, with customers.',
  defaults: {},
  source:
    'None: such segments may be small on purpose, and people may put a few customers into them. Give the ones you act on a threshold of their own.',
  why: 'A definition that fits hardly anybody any more costs attention and reaches nobody.',
  isAbout: ({ segments }) => segments.some(({ ownKey }) => ownKey !== null),
  measure: (facts) =>
    sizes(
      facts,
      facts.segments.filter(({ ownKey }) => ownKey !== null),
      'Smallest',
    ),
}

export const largestSegment: QualityGate = {
  kind: 'quality',
  unit: 'share',
  runs: regularRuns,
  bySegment: true,
  ofNobody: 0,
  meaning: 'Share of the largest segment.',
  formula: 'customers of the segment ÷ all customers; the largest',
  defaults: { warn: { above: 0.8 }, hold: { above: 0.97 } },
  source:
    'Our convention: above four fifths the segmentation tells few customers apart, above 97 % none worth speaking of.',
  why: 'A segment that swallows the rest tells customers apart no more: usually a feature lost its values or one outlier stretched the scale.',
  remedy: sizeRemedy,
  measure: (facts) => sizes(facts, facts.segments, 'Largest'),
}

export const segmentCount: QualityGate = {
  kind: 'quality',
  unit: 'count',
  runs: regularRuns,
  meaning: 'How many segments have customers.',
  formula: 'segments of the lowest level with at least one customer',
  defaults: { hold: { below: 2 } },
  source:
    'One segment is no segmentation. Bounds of your own have both sides: `segmentCount: { hold: { below: 3, above: 12 } }`.',
  why: 'Consumers have treatments for a certain number of segments; one more has none, one fewer leaves a treatment without customers.',
  remedy:
    'See `resegment describe RUN` for what became of segments. Set the bounds of cluster.count to what consumers can treat, and rerun.',
  measure: ({ segments, published }) => {
    const before = published === null ? '' : `, ${Object.keys(published.customers).length} in ${published.runId}`
    return [{ value: segments.length, message: `${formatCount(segments.length)} segments have customers${before}.` }]
  },
}

/** One finding a segment, the most extreme first. */
function sizes(
  { customers: all }: GateFacts,
  segments: readonly GateSegment[],
  which: 'Smallest' | 'Largest',
): readonly GateFinding[] {
  const sign = which === 'Smallest' ? 1 : -1
  return [...segments]
    .sort((a, b) => sign * (a.customers - b.customers))
    .map(({ segmentKey, name, customers }, rank) => {
      const share = customers / all
      return {
        subject: segmentKey,
        value: share,
        message: `${rank === 0 ? `${which} segment` : 'Segment'} ${segmentKey} (${name}) has ${formatCount(customers)} of ${formatCount(all)} customers (${formatShare(share)}).`,
        customers,
        list: listSegment(segmentKey),
      }
    })
}
