import { keyNumber } from '../../run/segment-key.ts'
import type { Insertable } from 'kysely'
import { insertAll } from './insert-all.ts'
import { campaignRow, kpiRow } from './kpi-row.ts'
import { playRow } from './play-row.ts'
import { writeChecks } from './write-checks.ts'
import { addSegments, writeSegments } from './write-segments.ts'
import type { Publication } from '../../ports/destination.ts'
import type { Tables } from './tables.ts'
import type { WarehouseTransaction } from './connection.ts'

/** The catalogue of segments as it is now, and what this run found, kept for good. What fills in the past adds to the catalogue alone. */
export async function writeCatalogue(
  transaction: WarehouseTransaction,
  publication: Publication,
  id: number,
): Promise<void> {
  await (publication.plan.options.historical ? addSegments : writeSegments)(transaction, publication, id)
  await writeSizes(transaction, publication, id)
  await writeFindings(transaction, publication, id)
  await writeChecks(transaction, publication.plan, publication.validation.checks)
}

async function writeSizes({ db }: WarehouseTransaction, { plan, validation }: Publication, id: number): Promise<void> {
  const keys = validation.segments.map((segment) => segment.segmentKey)
  // A key is never given again, also when its segment should leave the catalogue.
  await db
    .updateTable('pipeline')
    .set({ newest_segment_number: Math.max(0, ...keys.map(keyNumber)) })
    .where('name', '=', plan.pipeline)
    .where('newest_segment_number', '<', Math.max(0, ...keys.map(keyNumber)))
    .execute()
  await insertAll(
    publicationRows(
      id,
      validation.segments.map((segment) => ({
        segment_key: segment.segmentKey,
        name: segment.name,
        customers: segment.customers,
        share: segment.share,
      })),
    ),
    (rows) => db.insertInto('publication_segment').values(rows).execute(),
  )
}

async function writeFindings({ db }: WarehouseTransaction, { validation }: Publication, id: number): Promise<void> {
  const insert = <T extends keyof Tables>(table: T, rows: readonly Insertable<Tables[T]>[]): Promise<void> =>
    insertAll(rows, (part) => db.insertInto(table).values(part).execute())

  await insert(
    'lineage_edge',
    publicationRows(
      id,
      validation.lineage.map((edge) => ({
        from_segment_key: edge.fromSegmentKey,
        to_segment_key: edge.toSegmentKey,
        kind: edge.kind,
        overlap: edge.overlap,
        parent_share: edge.parentShare,
        child_share: edge.childShare,
      })),
    ),
  )
  await insert(
    'transition',
    publicationRows(
      id,
      validation.transitions
        .filter((transition) => transition.customers > 0)
        .map((transition) => ({
          from_segment_key: transition.fromSegmentKey,
          to_segment_key: transition.toSegmentKey,
          move_reason: transition.moveReason,
          customers: transition.customers,
        })),
    ),
  )
  await insert(
    'profile',
    publicationRows(
      id,
      validation.profiles.map((profile) => ({
        segment_key: profile.segmentKey,
        feature: profile.feature,
        mean: profile.mean,
        median: profile.median,
        p10: profile.p10,
        p90: profile.p90,
        null_share: profile.nullShare,
        population_mean: profile.populationMean,
        effect_size: profile.effectSize,
        lift: profile.lift,
        unit: profile.unit,
      })),
    ),
  )
  await insert('segment_kpi', publicationRows(id, validation.kpis.map(kpiRow)))
  await insert('segment_campaign', publicationRows(id, validation.campaigns.map(campaignRow)))
  await insert('segment_play', publicationRows(id, validation.playbook.map(playRow)))
  await insert(
    'quality_count',
    publicationRows(
      id,
      validation.dataQuality.map((count, position) => ({
        role: count.role,
        source: count.source,
        rule: count.rule,
        action: count.action,
        matched: count.matched,
        rejected: count.rejected,
        fixed: count.fixed,
        column_name: count.column,
        nulls: count.nulls,
        distinct_values: count.distinct,
        minimum: count.minimum,
        maximum: count.maximum,
        rows_in: count.rowsIn,
        share: count.share,
        position,
      })),
    ),
  )
  await insert(
    'model_candidate',
    publicationRows(
      id,
      validation.modelSelection.map((candidate, position) => ({
        method: candidate.method,
        cluster_count: candidate.clusterCount,
        silhouette: candidate.silhouette,
        inertia: candidate.inertia,
        smallest_share: candidate.smallestShare,
        chosen: candidate.chosen,
        calinski_harabasz: candidate.calinskiHarabasz ?? null,
        davies_bouldin: candidate.daviesBouldin ?? null,
        prediction_strength: candidate.predictionStrength ?? null,
        minimum_jaccard: candidate.minimumJaccard ?? null,
        bic: candidate.bic ?? null,
        start_kind: candidate.start ?? null,
        reason: candidate.reason ?? null,
        log_likelihood: candidate.logLikelihood ?? null,
        back_test_error: candidate.backTestError ?? null,
        position,
      })),
    ),
  )
  await insert(
    'comparison_measure',
    publicationRows(
      id,
      validation.comparison.map(({ measure, subject, value, previous }, position) => ({
        position,
        measure,
        subject,
        value,
        previous_value: previous,
      })),
    ),
  )
}

function publicationRows<R extends object>(id: number, rows: readonly R[]): (R & { publication_id: number })[] {
  return rows.map((row) => ({ publication_id: id, ...row }))
}
