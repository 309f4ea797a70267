import type { Pipeline } from '../plan/pipeline.ts'
import { resolveFeatures } from '../stages/features/resolve-features.ts'
import type { CharacterFigures } from '../stages/validate/playbook/find-character.ts'
import { planSegments, unknownPlays } from '../stages/validate/playbook/plan-segments.ts'
import type { Validation } from '../stages/validate/validation.ts'

/** What is to be done with each segment, and a remark on what the playbook says of segments that there are none of. */
export function planPlays(
  { features, playbook }: Pipeline,
  { segments, profiles, remarks }: Pick<Validation, 'segments' | 'profiles' | 'remarks'>,
): Pick<Validation, 'playbook' | 'remarks'> {
  const columnOf = new Map(
    resolveFeatures(features)
      .toReversed()
      .map(({ feature, column }) => [feature, column]),
  )
  const effect = (segmentKey: string, feature: string): number | null => {
    const column = columnOf.get(feature)
    return profiles.find((one) => one.segmentKey === segmentKey && one.feature === column)?.effectSize ?? null
  }
  const figures = new Map(
    segments.map(({ segmentKey }): [string, CharacterFigures] => [
      segmentKey,
      {
        recency: effect(segmentKey, 'recency'),
        frequency: effect(segmentKey, 'frequency'),
        monetary: effect(segmentKey, 'monetary'),
        tenure: effect(segmentKey, 'tenure'),
      },
    ]),
  )
  const unknown = unknownPlays(segments, playbook)
  return {
    playbook: planSegments(segments, figures, playbook),
    remarks:
      unknown.length === 0
        ? remarks
        : [
            ...remarks,
            `The playbook has plays for ${unknown.map((name) => `“${name}”`).join(', ')}, which are no segments of this run.`,
          ],
  }
}
