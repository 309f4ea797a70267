import { sql } from 'kysely'
import type { RunDescription } from '../../ports/warehouse-reader.ts'
import type { WarehouseTransaction } from './connection.ts'
import type { LayerEvidence } from '../../stages/cluster/hybrid/parameters.ts'
import type { OverrideReport } from '../../stages/validate/override-report.ts'
import type { Transition } from '../../stages/validate/validation.ts'
import type { RuleEvidence } from '../../stages/cluster/rules/rule-evidence.ts'

type Findings = Pick<
  RunDescription,
  | 'segments'
  | 'transitions'
  | 'lineage'
  | 'dataQuality'
  | 'modelSelection'
  | 'ruleEvidence'
  | 'layerEvidence'
  | 'overrides'
>

export const nothingPublished: Findings = {
  segments: [],
  transitions: [],
  lineage: [],
  dataQuality: [],
  modelSelection: [],
  ruleEvidence: null,
  layerEvidence: null,
  overrides: null,
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
    transitions: await readTransitions({ db }, id),
    lineage: await db
      .selectFrom('lineage_edge')
      .select([
        'from_segment_key as fromSegmentKey',
        'to_segment_key as toSegmentKey',
        'kind',
        'overlap',
        'parent_share as parentShare',
        'child_share as childShare',
      ])
      .where('publication_id', '=', id)
      .orderBy('from_segment_key')
      .orderBy('to_segment_key')
      .execute(),
    dataQuality: await db
      .selectFrom('quality_count as found')
      .innerJoin('publication', 'publication.id', 'found.publication_id')
      .leftJoin('quality_count as before', (join) =>
        join
          .onRef('before.publication_id', '=', 'publication.compared_with')
          .onRef('before.role', '=', 'found.role')
          .onRef('before.source', '=', 'found.source')
          .on(sql<boolean>`before.rule is not distinct from found.rule`)
          .on(sql<boolean>`before.column_name is not distinct from found.column_name`),
      )
      .select([
        'found.role',
        'found.source',
        'found.rule',
        'found.action',
        'found.matched',
        'found.rejected',
        'found.fixed',
        'found.column_name as column',
        'found.nulls',
        'found.distinct_values as distinct',
        'found.minimum',
        'found.maximum',
        'found.rows_in as rowsIn',
        'found.share',
        'before.share as previousShare',
      ])
      .where('found.publication_id', '=', id)
      .orderBy('found.position')
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
        'calinski_harabasz as calinskiHarabasz',
        'davies_bouldin as daviesBouldin',
        'prediction_strength as predictionStrength',
        'minimum_jaccard as minimumJaccard',
        'bic',
        'start_kind as start',
        'reason',
        'log_likelihood as logLikelihood',
        'back_test_error as backTestError',
      ])
      .where('publication_id', '=', id)
      .orderBy('position')
      .execute(),
    ...(await readEvidence(db, id)),
  }
}

async function readEvidence(
  db: WarehouseTransaction['db'],
  id: number,
): Promise<Pick<Findings, 'ruleEvidence' | 'layerEvidence' | 'overrides'>> {
  const found = await db
    .selectFrom('publication')
    .select([
      sql<RuleEvidence | LayerEvidence | null>`model #> '{parameters,evidence}'`.as('evidence'),
      sql<string | null>`model #>> '{parameters,method}'`.as('method'),
      sql<OverrideReport | null>`model -> 'overrides'`.as('overrides'),
    ])
    .where('id', '=', id)
    .executeTakeFirst()
  const evidenceOf = (method: string): unknown => (found?.method === method ? found.evidence : null)
  return {
    ruleEvidence: evidenceOf('rules') as RuleEvidence | null,
    layerEvidence: evidenceOf('hybrid') as LayerEvidence | null,
    overrides: found?.overrides ?? null,
  }
}

export function readTransitions(
  { db }: Pick<WarehouseTransaction, 'db'>,
  publicationId: number,
): Promise<readonly Transition[]> {
  return db
    .selectFrom('transition')
    .select([
      'from_segment_key as fromSegmentKey',
      'to_segment_key as toSegmentKey',
      'move_reason as moveReason',
      'customers',
    ])
    .where('publication_id', '=', publicationId)
    .orderBy('from_segment_key')
    .orderBy('to_segment_key')
    .orderBy('move_reason')
    .execute()
}
