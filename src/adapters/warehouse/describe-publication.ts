import type { RunDescription } from '../../ports/warehouse-reader.ts'
import type { WarehouseTransaction } from './connection.ts'

type Findings = Pick<RunDescription, 'segments' | 'transitions' | 'lineage' | 'dataQuality' | 'modelSelection'>

export const nothingPublished: Findings = {
  segments: [],
  transitions: [],
  lineage: [],
  dataQuality: [],
  modelSelection: [],
}

/** What a run found, as it was published. */
export async function describePublication({ db }: WarehouseTransaction, id: number): Promise<Findings> {
  return {
    segments: await db
      .selectFrom('publication_segment')
      .select(['segment_key as segmentKey', 'name', 'customers', 'share'])
      .where('publication_id', '=', id)
      .orderBy('customers', 'desc')
      .orderBy('segment_key')
      .execute(),
    transitions: await db
      .selectFrom('transition')
      .select([
        'from_segment_key as fromSegmentKey',
        'to_segment_key as toSegmentKey',
        'move_reason as moveReason',
        'customers',
      ])
      .where('publication_id', '=', id)
      .orderBy('from_segment_key')
      .orderBy('to_segment_key')
      .orderBy('move_reason')
      .execute(),
    lineage: await db
      .selectFrom('lineage_edge')
      .select(['from_segment_key as fromSegmentKey', 'to_segment_key as toSegmentKey', 'kind', 'overlap'])
      .where('publication_id', '=', id)
      .orderBy('from_segment_key')
      .orderBy('to_segment_key')
      .execute(),
    dataQuality: await db
      .selectFrom('quality_count')
      .select(['source', 'rule', 'action', 'matched', 'rejected', 'rows_in as rowsIn'])
      .where('publication_id', '=', id)
      .orderBy('position')
      .execute(),
    modelSelection: await db
      .selectFrom('model_candidate')
      .select([
        'method',
        'cluster_count as clusterCount',
        'silhouette',
        'inertia',
        'smallest_share as smallestShare',
        'chosen',
      ])
      .where('publication_id', '=', id)
      .orderBy('position')
      .execute(),
  }
}
