import { formatFigure } from './figures.ts'
import type { SegmentProfile } from './validation.ts'

/** A difference smaller than this (Cohen's d, "small" in Cohen 1988) is not worth a word. */
const SMALLEST_EFFECT = 0.2
const TRAITS_IN_NAME = 2
const TRAITS_IN_CRITERIA = 3
/** A level that says nothing without its feature: `No`, `45-54`, `F`. */
const BARE_LEVEL = /^(?:yes|no|true|false|none|other|unknown|.|\W*\d.*)$/i
/** `preferredChannel: web` of a category, `categoryShares:Books` of a composition. */
const OF_LEVEL = /^(\w+)(?:(: ?)(.+))?$/s

/** How people call a segment that is low or high in a feature; none: by the feature's name. */
export type Phrases = Readonly<Partial<Record<string, { readonly low: string; readonly high: string }>>>

export interface SegmentToName {
  readonly segmentKey: string
  /** The name it is published under; null for a new segment. */
  readonly publishedName: string | null
  /** The name and note that people gave in the pipeline; they win. */
  readonly given: { readonly name: string; readonly note?: string } | null
  /** What the method calls it; absent: only its profile says. */
  readonly ofMethod?: { readonly name: string | null; readonly criteria: string | null }
  /** One a feature. */
  readonly profiles: readonly SegmentProfile[]
}

export interface SegmentText {
  readonly name: string
  readonly description: string
  /** How it differs: `monetary 3.1 × the average; recency 0.2 ×`. */
  readonly criteria: string
}

/**
 * Names and descriptions for people. A name given in the pipeline wins, then the one of the method, then the published one; else a new segment is
 * named after what sets it apart most: the two features with the largest effect, a third when two would not be unique in the run, then a number.
 *
 * @returns in the order of `segments`
 */
export function nameSegments(segments: readonly SegmentToName[], phrases: Phrases = {}): readonly SegmentText[] {
  const kept = segments.map(({ given, ofMethod, publishedName }) => given?.name ?? ofMethod?.name ?? publishedName)
  const taken = new Set(kept.flatMap((name) => (name === null ? [] : [keyOf(name)])))
  return segments.map((segment, i) => {
    const traits = traitsOf(segment.profiles)
    const name =
      kept[i] ??
      freeName(
        withoutEchoes(traits).map((trait) => phraseOf(trait, phrases)),
        taken,
      )
    taken.add(keyOf(name))
    return {
      name,
      description: segment.given?.note ?? describe(name, traits),
      criteria: segment.ofMethod?.criteria ?? criteriaOf(traits),
    }
  })
}

/** Features that set a segment apart, the largest effect first. */
function traitsOf(profiles: readonly SegmentProfile[]): readonly SegmentProfile[] {
  return profiles
    .filter(({ effectSize }) => effectSize !== null && Math.abs(effectSize) >= SMALLEST_EFFECT)
    .sort((a, b) => Math.abs(b.effectSize!) - Math.abs(a.effectSize!) || (a.feature < b.feature ? -1 : 1))
}

/**
 * Only the first trait of each level: most spend on books and a large share of books are one word. And of a feature that a segment has more of
 * one level in, not what it therefore has less of.
 */
function withoutEchoes(traits: readonly SegmentProfile[]): readonly SegmentProfile[] {
  const parts = traits.map(({ feature }) => OF_LEVEL.exec(feature) ?? [])
  const levels = parts.map(([, , , level]) => level)
  const raised = new Set(traits.flatMap(({ effectSize }, i) => (levels[i] && effectSize! > 0 ? [parts[i]![1]] : [])))
  return traits.filter(({ effectSize }, i) => {
    const level = levels[i]
    if (level === undefined) return true
    if (effectSize! < 0 && raised.has(parts[i]![1])) return false
    return BARE_LEVEL.test(level) || levels.indexOf(level) === i
  })
}

/** `frequent`; `mostly online` for a level of a category, `more books` for one of a composition. */
function phraseOf({ feature, unit, effectSize, mean }: SegmentProfile, phrases: Phrases): string {
  const isHigh = effectSize! > 0
  const [, instance, separator, level] = OF_LEVEL.exec(feature) ?? []
  const direction = isHigh ? 'high' : 'low'
  const subject = inWords(instance ?? feature)
  const amount = unit === 'count' ? (isHigh ? 'many' : 'few') : direction
  if (level === undefined) return phrases[instance ?? feature]?.[direction] ?? `${amount} ${subject}`
  const named = BARE_LEVEL.test(level) ? `${subject} ${level}` : level
  if (separator === ': ' && isHigh && mean! >= 0.5) return `mostly ${named}`
  return `${isHigh ? 'more' : 'less'} ${named}`
}

/** `monthlyCharges` and `monthly_charges` as `monthly charges`. */
function inWords(instance: string): string {
  const parted = instance.replaceAll('_', ' ').replace(/([a-z0-9])([A-Z])/g, '$1 $2')
  return parted.replace(/\b[A-Z](?=[a-z])/g, (letter) => letter.toLowerCase())
}

/**
 * @param phrases the strongest first; two windows of a feature may say the same
 * @param taken `keyOf` names
 */
function freeName(phrases: readonly string[], taken: ReadonlySet<string>): string {
  const traits = [...new Set(phrases)]
  const ofTraits = (count: number): string => capitalised(traits.slice(0, count).join(', ') || 'average')
  const candidates = [ofTraits(TRAITS_IN_NAME), ofTraits(TRAITS_IN_NAME + 1)]
  for (let number = 2; number <= taken.size + 2; number++) candidates.push(`${ofTraits(TRAITS_IN_NAME)} ${number}`)
  return candidates.find((name) => !taken.has(keyOf(name)))!
}

/** The same traits in another order are the same name to whoever reads it. */
function keyOf(name: string): string {
  return name.toLowerCase().split(', ').sort().join(', ')
}

function criteriaOf(traits: readonly SegmentProfile[]): string {
  if (traits.length === 0) return 'No feature differs much from the other segments.'
  return traits
    .slice(0, TRAITS_IN_CRITERIA)
    .map(({ feature, unit, lift, mean, populationMean }, i) => {
      // A ratio to an average of 0 or less says nothing: both averages do.
      if (unit === 'share' && mean !== null)
        return `${feature} ${percent(mean)} against ${percent(populationMean!)}${i === 0 ? ' on average' : ''}`
      if (lift !== null && lift >= 0 && populationMean! > 0)
        return `${feature} ${formatFigure(lift)} ×${i === 0 ? ' the average' : ''}`
      return `${feature} ${formatFigure(mean!)} against ${withUnit(populationMean!, unit)} on average`
    })
    .join('; ')
}

function describe(name: string, traits: readonly SegmentProfile[]): string {
  const typical = traits
    .slice(0, TRAITS_IN_CRITERIA)
    .filter(({ median }) => median !== null)
    .map(({ feature, median, unit }) => `${feature} ${withUnit(median!, unit)}`)
  return typical.length === 0
    ? `${name}.`
    : `${name}. Half of the customers are above, half below: ${typical.join(', ')}.`
}

function percent(share: number): string {
  return `${formatFigure(100 * share)} %`
}

/** Counts, and money of an unknown currency, are plain numbers. */
function withUnit(value: number, unit: string): string {
  if (unit === 'share') return percent(value)
  return unit === 'count' || unit === 'money' ? formatFigure(value) : `${formatFigure(value)} ${unit}`
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
