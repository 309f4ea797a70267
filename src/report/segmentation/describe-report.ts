import type { KeptFeedback } from '../../run/feedback.ts'
import type { NearestOfRun } from '../../run/nearest-customers.ts'
import type { Validation } from '../../stages/validate/validation.ts'
import { withheldWays } from '../comparison/withhold.ts'
import { describeSegment, type SegmentMoney } from './describe-segment.ts'
import type { Report, ReportedDecision, ReportedFlow } from './report.ts'
import { fiveSentences } from './five-sentences.ts'
import { changeFor } from './proposed-change.ts'
import { withFeedback } from './refinements/said-by-people.ts'
import { checkName } from './worth-of-name.ts'
import type { Sketch } from './sketch.ts'

/** What a run keeps of itself, and what people said to it. */
export interface ReportedRun {
  readonly validation: Validation
  readonly sketch: Sketch
  readonly decision: ReportedDecision | null
  /** What people have said since. Absent: nobody asked, as when a run comes out. */
  readonly feedback?: readonly KeptFeedback[]
  /** Whom to name by their ids. Absent: nobody asked, as when a run comes out. */
  readonly nearest?: NearestOfRun
}

/** The report of a run. The same run gives the same report, whenever it is asked for. */
export function describeReport({ validation, sketch, decision, feedback = [] }: ReportedRun): Report {
  const { runId, pipeline, description, period, asOf, against, map, objective } = sketch
  const primary = validation.segments.filter(({ level, customers }) => level === 0 && customers > 0)
  const money = moneyBySegment(validation, sketch)
  const flows = against === null ? [] : flowsOf(validation, sketch)
  const report = {
    formatVersion: 1 as const,
    ...{ runId, pipeline, description, period, asOf, against, map, decision, objective },
    ...{ kpis: validation.kpis, campaigns: validation.campaigns },
    customers: validation.customers,
    verdict: validation.verdict,
    currency: currencyOf(validation, sketch),
    segments: [...primary]
      .sort((a, b) => b.customers - a.customers || (a.segmentKey < b.segmentKey ? -1 : 1))
      .map((segment) => describeSegment(segment, validation, sketch, money?.get(segment.segmentKey), flows)),
    flows,
  }
  const readsConsent = Object.values(sketch.sources).includes('consent')
  const nameChecks = report.segments.map((segment) =>
    checkName(segment, { known: knownShare(validation, segment.segmentKey), readsConsent, kpis: validation.kpis }),
  )
  const changed = {
    ...{ name: pipeline, method: sketch.method, segmentCount: primary.length },
    nameOf: (key: string) => primary.find(({ segmentKey }) => segmentKey === key)?.name ?? key,
  }
  const keys = primary.map(({ segmentKey }) => segmentKey)
  const refinements = {
    ...sketch.proposals,
    proposals: withFeedback(sketch.proposals.proposals, feedback, keys).map((proposal) => ({
      ...{ ...proposal, ...changeFor(proposal, changed) },
      crossed: proposal.kind === 'border' ? crossedBetween(proposal.segmentKeys, flows) : null,
    })),
  }
  return { ...report, nameChecks, refinements, sentences: fiveSentences(report, validation) }
}

/** Of both ways; null where one of them is not told. */
function crossedBetween([a, b]: readonly [string, string], flows: readonly ReportedFlow[]): number | null {
  const ways = flows.filter(
    ({ fromSegmentKey: from, toSegmentKey: to }) => (from === a && to === b) || (from === b && to === a),
  )
  return ways.length < 2 ? null : ways.reduce((sum, { customers }) => sum + customers, 0)
}

/** Share of the values of a segment's features that are known. */
function knownShare({ profiles }: Validation, segmentKey: string): number {
  const shares = profiles.filter((one) => one.segmentKey === segmentKey).map(({ nullShare }) => 1 - nullShare)
  return shares.length === 0 ? 0 : shares.reduce((sum, share) => sum + share, 0) / shares.length
}

function moneyBySegment(
  { profiles, segments }: Validation,
  { moneyFeature }: Sketch,
): ReadonlyMap<string, SegmentMoney> | null {
  const sums = profiles
    .filter(({ feature, mean }) => feature === moneyFeature && mean !== null)
    .flatMap(({ segmentKey, mean, nullShare }) => {
      const segment = segments.find((one) => one.segmentKey === segmentKey)
      if (segment?.level !== 0) return []
      const each = mean! * (1 - nullShare)
      return [{ segmentKey, each, sum: each * segment.customers }]
    })
  const total = sums.reduce((all, { sum }) => all + sum, 0)
  if (!(total > 0)) return null
  return new Map(sums.map(({ segmentKey, each, sum }) => [segmentKey, { each, share: sum / total }]))
}

function currencyOf({ profiles }: Validation, { moneyFeature }: Sketch): string | null {
  return profiles.find(({ feature }) => feature === moneyFeature)?.unit ?? null
}

/** All who went the same way, whatever for; without the cells that a few are in, or that would give such a one away. */
function flowsOf({ transitions, segments }: Validation, { namesBefore }: Sketch): readonly ReportedFlow[] {
  const keysOf = (side: 'fromSegmentKey' | 'toSegmentKey') => [...new Set(transitions.map((one) => one[side]))]
  const [rows, columns] = [keysOf('fromSegmentKey'), keysOf('toSegmentKey')]
  const count = (from: string | null, to: string | null): number =>
    transitions
      .filter(({ fromSegmentKey, toSegmentKey }) => fromSegmentKey === from && toSegmentKey === to)
      .reduce((sum, { customers }) => sum + customers, 0)
  const isWithheld = withheldWays(transitions)
  const name = (key: string | null): string | null =>
    key === null ? null : (segments.find(({ segmentKey }) => segmentKey === key)?.name ?? namesBefore[key] ?? key)
  return rows
    .flatMap((from) =>
      columns.flatMap((to): ReportedFlow[] => {
        const way = { fromSegmentKey: from, toSegmentKey: to, customers: count(from, to) }
        return way.customers === 0 || isWithheld(from, to) ? [] : [{ from: name(from), to: name(to), ...way }]
      }),
    )
    .sort((a, b) => b.customers - a.customers)
}
