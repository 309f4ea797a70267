import type { CandidateSegment, SegmentProfile, Transition, Validation } from '../../stages/validate/validation.ts'
import { cohensH } from '../../stats/cohens-h.ts'
import { isFew, SMALLEST_CELL } from '../../run/moves.ts'
import { moveReasonTexts, type MoveReason } from '../../run/transition.ts'
import type { Aspect, Exchange, Preference, ReportedFlow, ReportedSegment, Trait } from './report.ts'
import type { Sketch, SketchedFeature } from './sketch.ts'

/** Cohen (1988). */
const SMALL = 0.2
/** Of a category only levels that so many have. */
const FEWEST_PREFER = 0.02
const SHOWN_PREFERENCES = 3
const SHOWN_EXCHANGES = 4

/** What a customer of each segment spent on average, and the share of the segment in all that was spent. */
export interface SegmentMoney {
  readonly each: number
  readonly share: number
}

/** Everything that is said of one segment. @param flows the ways that may be told */
export function describeSegment(
  segment: CandidateSegment,
  validation: Validation,
  sketch: Sketch,
  money: SegmentMoney | undefined,
  flows: readonly ReportedFlow[],
): ReportedSegment {
  const { segmentKey, name, description, criteria, status, owner, isNew, customers, share, stability, rule } = segment
  const profiles = validation.profiles.filter((profile) => profile.segmentKey === segmentKey)
  const typical = sketch.typical.find((one) => one.segmentKey === segmentKey)
  const isTold = customers >= SMALLEST_CELL
  const told = validation.transitions.filter((one) =>
    flows.some((flow) => flow.fromSegmentKey === one.fromSegmentKey && flow.toSegmentKey === one.toSegmentKey),
  )
  const nameOf = (key: string): string =>
    validation.segments.find((one) => one.segmentKey === key)?.name ?? sketch.namesBefore[key] ?? key
  return {
    ...{ segmentKey, name, description, criteria, status, owner, isNew, share, stability },
    customers: isTold ? customers : null,
    customersBefore: customersBefore(segmentKey, validation),
    moneyShare: isTold ? (money?.share ?? null) : null,
    moneyEach: isTold ? (money?.each ?? null) : null,
    rule: rule?.words ?? null,
    traits: isTold ? traitsOf(profiles, sketch.features) : [],
    preferences: isTold ? preferencesOf(profiles) : [],
    typical: typical
      ? Object.entries(typical.values).map(([feature, value]) => ({
          ...{ feature, value },
          unit: profiles.find((profile) => profile.feature === feature)?.unit ?? '',
        }))
      : null,
    scores: sketch.scores
      .filter((one) => one.segmentKey === segmentKey)
      .map(({ score, unit, median }) => ({ score, unit, median })),
    plan: validation.playbook.find((one) => one.segmentKey === segmentKey) ?? null,
    came: exchangesOf(
      told.filter((one) => one.toSegmentKey === segmentKey),
      ({ fromSegmentKey }) => fromSegmentKey,
      nameOf,
    ),
    went: exchangesOf(
      told.filter((one) => one.fromSegmentKey === segmentKey),
      ({ toSegmentKey }) => toSegmentKey,
      nameOf,
    ),
  }
}

/** Null also where the segment or its change would point at a few. */
function customersBefore(segmentKey: string, { comparison, segments }: Validation): number | null {
  const before = comparison.find(({ measure, subject }) => measure === 'customers' && subject === segmentKey)?.previous
  const now = segments.find((one) => one.segmentKey === segmentKey)!.customers
  if (before === null || before === undefined || before < SMALLEST_CELL) return null
  const change = Math.abs(now - before)
  return isFew(change) ? null : before
}

/** Numbers alone, the strongest first; levels of categories are preferences. */
function traitsOf(profiles: readonly SegmentProfile[], features: readonly SketchedFeature[]): readonly Trait[] {
  return profiles
    .filter(({ feature }) => !feature.includes(':'))
    .map(({ feature, unit, mean, median, populationMean, effectSize }): Trait => {
      const known = features.find(({ name }) => name === feature)
      return {
        ...{ feature, unit, mean, median },
        meaning: known?.meaning ?? '',
        aspect: aspectOf(known),
        ofAll: populationMean,
        effect: effectSize,
      }
    })
    .sort((a, b) => Math.abs(b.effect ?? 0) - Math.abs(a.effect ?? 0) || (a.feature < b.feature ? -1 : 1))
}

function aspectOf(feature: SketchedFeature | undefined): Aspect {
  switch (feature?.group) {
    case 'demographic':
    case 'firmographic':
    case 'needs':
      return 'who'
    case 'value':
      return 'worth'
    case 'potential':
      return 'later'
    default:
      return 'what'
  }
}

/** `channel: web` of a category, `categoryShares:Books` of a composition; of each the levels that more of its customers have than of all, by a small effect at least. */
function preferencesOf(profiles: readonly SegmentProfile[]): readonly Preference[] {
  const levels = profiles.flatMap(({ feature, mean, populationMean }): Preference[] => {
    const found = /^(?<about>[^:]+): ?(?<level>.+)$/s.exec(feature)?.groups
    if (!found || mean === null || populationMean === null || mean < FEWEST_PREFER) return []
    if (cohensH(mean, populationMean) < SMALL) return []
    return [{ about: found.about!, level: found.level!, share: mean, ofAll: populationMean }]
  })
  return [...new Set(levels.map(({ about }) => about))].flatMap((about) =>
    levels
      .filter((one) => one.about === about)
      .sort((a, b) => b.share - a.share || (a.level < b.level ? -1 : 1))
      .slice(0, SHOWN_PREFERENCES),
  )
}

/** The largest, with the reason that most have; a few customers are in none. */
function exchangesOf(
  transitions: readonly Transition[],
  otherOf: (transition: Transition) => string | null,
  nameOf: (key: string) => string,
): readonly Exchange[] {
  const found = new Map<string | null, Map<MoveReason, number>>()
  for (const transition of transitions) {
    const { moveReason, customers } = transition
    if (moveReason === null) continue
    const reasons = found.get(otherOf(transition)) ?? new Map<MoveReason, number>()
    reasons.set(moveReason, (reasons.get(moveReason) ?? 0) + customers)
    found.set(otherOf(transition), reasons)
  }
  return [...found]
    .map(([other, reasons]): Exchange => {
      const [largest] = [...reasons].sort((a, b) => b[1] - a[1])
      const customers = [...reasons.values()].reduce((sum, count) => sum + count, 0)
      const why = moveReasonTexts[largest![0]]
      return { other: other === null ? null : nameOf(other), customers, why: reasons.size > 1 ? `mostly ${why}` : why }
    })
    .filter(({ customers }) => customers >= SMALLEST_CELL)
    .sort((a, b) => b.customers - a.customers)
    .slice(0, SHOWN_EXCHANGES)
}
