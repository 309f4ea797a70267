import type { Definition } from '../plan/definition.ts'
import type { IdentityInput } from '../stages/validate/identity/identities.ts'
import type { Overlap } from '../stages/validate/panel.ts'

/** What lineage looks at of segments that keep their keys as they are. */
export function keptSegments({ pipeline }: Definition, { sizes, publishedKeys, counts }: Overlap): IdentityInput {
  const place = { level: 0, layer: null, centre: null, ownKey: null }
  return {
    pipeline: pipeline.pipeline,
    clusters: sizes.map((customers) => ({ ...place, customers, parts: [] })),
    live: publishedKeys.map((segmentKey) => ({ ...place, segmentKey, parts: [] })),
    ...{ past: [], counts, newestNumber: 0, thresholds: pipeline.validate.identity },
  }
}
