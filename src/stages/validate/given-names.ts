import type { SegmentProfile } from './validation.ts'

/** What people say of a segment, in the pipeline's file. */
export interface GivenName {
  readonly key?: string | undefined
  /** Feature → whether the segment has much or little of it: for segments that have no key yet. */
  readonly like?: Readonly<Record<string, 'high' | 'low'>> | undefined
  readonly owner?: string | undefined
  readonly note?: string | undefined
}

/** The same, with the key it belongs to. */
export interface PlacedName extends GivenName {
  readonly name: string
  readonly key: string
}

/** Less than a small effect (Cohen 1988) is no trait of a segment. */
const SMALLEST_EFFECT = 0.2

/**
 * Finds the keys of names that people gave by profile, before there were keys. A name that is published stays with the segment that has it;
 * any other goes to the segment that has all its traits, and of several to the one that has most of them together, the best fit first. A name
 * that fits none is left out.
 *
 * @param segmentKeys of segments that customers are in first of all, in any order
 * @param published segment key → name it is published under
 */
export function placeNames(
  given: Readonly<Record<string, GivenName>>,
  segmentKeys: readonly string[],
  profiles: readonly SegmentProfile[],
  published: Readonly<Record<string, string>>,
): readonly PlacedName[] {
  const names = Object.entries(given)
  const placed = names.flatMap(([name, said]): PlacedName[] => {
    const key = said.key ?? Object.keys(published).find((one) => published[one] === name)
    return key === undefined ? [] : [{ name, ...said, key }]
  })
  const isFree = (key: string): boolean => !placed.some((one) => one.key === key)
  const effects = new Map(
    profiles.map(({ segmentKey, feature, effectSize }) => [`${segmentKey}\0${feature}`, effectSize]),
  )
  const fits = names
    .filter(([name]) => !placed.some((one) => one.name === name))
    .flatMap(([name, said]) =>
      segmentKeys.filter(isFree).flatMap((key) => {
        const fit = fitOf(said.like ?? {}, (feature) => effects.get(`${key}\0${feature}`) ?? 0)
        return fit === null ? [] : [{ name, said, key, fit }]
      }),
    )
    .sort((a, b) => b.fit - a.fit || (a.name < b.name ? -1 : 1) || (a.key < b.key ? -1 : 1))
  for (const { name, said, key } of fits)
    if (isFree(key) && !placed.some((one) => one.name === name)) placed.push({ name, ...said, key })
  return placed
}

/** Sum of the effects in the directions that are asked for; null when one of them is missing. */
function fitOf(like: NonNullable<GivenName['like']>, effectOf: (feature: string) => number): number | null {
  const directed = Object.entries(like).map(([feature, side]) => effectOf(feature) * (side === 'high' ? 1 : -1))
  if (directed.length === 0 || directed.some((effect) => effect < SMALLEST_EFFECT)) return null
  return directed.reduce((sum, effect) => sum + effect, 0)
}
