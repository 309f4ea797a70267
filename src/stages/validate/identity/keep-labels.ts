import { jaccardMatrix } from '../../../stats/jaccard.ts'
import type { PanelCounts } from '../panel.ts'
import type { LabelMatch } from './identities.ts'

/**
 * The matches of clusters that are the live segments themselves: placed by the live model, nobody's segment is in question.
 *
 * @param segmentKeys one a cluster
 */
export function keepLabels(
  { clusterCount, publishedKeys, counts }: PanelCounts,
  segmentKeys: readonly string[],
): readonly LabelMatch[] {
  const columns = publishedKeys.length
  const overlaps = jaccardMatrix({ rows: clusterCount, columns, counts })
  return segmentKeys.map((segmentKey, cluster) => {
    const column = publishedKeys.indexOf(segmentKey)
    const overlap = column < 0 ? 0 : overlaps[cluster * columns + column]!
    return { segmentKey, isNew: false, isReturned: false, matchedBy: 'own-key', overlap }
  })
}
