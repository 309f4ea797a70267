import { type Play, type PlayField, type SegmentPlan } from '../../../run/segment-plan.ts'
import type { CandidateSegment } from '../validation.ts'
import type { Playbook } from './config.ts'
import { defaultPlays } from './default-plays.ts'
import { findCharacter, type CharacterFigures } from './find-character.ts'

const FIELDS = Object.keys(defaultPlays.core) as readonly PlayField[]
const UNKNOWN: CharacterFigures = { recency: null, frequency: null, monetary: null, tenure: null }

/**
 * The plan of every segment that customers are in: what the playbook says of its key, then of its name, then of its character, field by field;
 * the rest is what such customers usually are given.
 *
 * @param figures by segment key
 */
export function planSegments(
  segments: readonly Pick<CandidateSegment, 'segmentKey' | 'name' | 'customers' | 'level'>[],
  figures: ReadonlyMap<string, CharacterFigures>,
  playbook: Playbook | undefined,
): readonly SegmentPlan[] {
  return segments
    .filter(({ customers, level }) => customers > 0 && level === 0)
    .map(({ segmentKey, name }) => {
      const { character, because } = findCharacter(figures.get(segmentKey) ?? UNKNOWN)
      const said = [playbook?.segments[segmentKey], playbook?.segments[name], playbook?.characters[character]]
      const ownOf = (field: PlayField) => said.find((play) => play?.[field] !== undefined)?.[field]
      const own = FIELDS.filter((field) => ownOf(field) !== undefined)
      const play = {
        ...defaultPlays[character],
        ...Object.fromEntries(own.map((field) => [field, ownOf(field)])),
      } as Play
      return { segmentKey, character, because, own, ...play }
    })
}

/** What the playbook says of segments that there are none of, quoted. */
export function unknownPlays(
  segments: readonly Pick<CandidateSegment, 'segmentKey' | 'name'>[],
  playbook: Playbook | undefined,
): readonly string[] {
  const known = new Set(segments.flatMap(({ segmentKey, name }) => [segmentKey, name]))
  return Object.keys(playbook?.segments ?? {}).filter((name) => !known.has(name))
}
