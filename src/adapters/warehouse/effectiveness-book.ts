import { sql } from 'kysely'
import type { ReviewableRun } from '../../plan/review.ts'
import type { EffectivenessBook, JudgedRun } from '../../ports/effectiveness-book.ts'
import type { WarehouseOptions, WarehouseTransaction } from './connection.ts'
import { openMigrated } from './migrate.ts'

/** Effectiveness that was kept. Opens no connection before it is used. */
export function makeEffectivenessBook(options: WarehouseOptions): EffectivenessBook {
  const pool = openMigrated(options, 1)
  return {
    keep: (judged) => pool.transaction((transaction) => keep(transaction, judged)),
    async kept(pipeline) {
      return pool.transaction(async ({ db }) => {
        const { rows } = await sql<JudgedRun>`
          select pipeline, run_key as "runKey", revision, judged_by as "judgedBy", judged_from as "from", judged_until as "until", target,
            effectiveness_index as index, band, customers, segments, permutation_p as "permutationP", is_review as "isReview",
            report_uri as "reportUri", outcomes,
            jsonb_build_object('spendExplained', spend_explained, 'conversionExplained', conversion_explained, 'targetingGain',
              targeting_gain, 'kpiSpread', kpi_spread, 'stability', stability, 'coverage', coverage) as parts,
            jsonb_build_object('spendExplained', rfm_spend_explained, 'conversionExplained', rfm_conversion_explained) as rfm
          from effectiveness where pipeline = ${pipeline} order by judged_from, judged_until, revision`.execute(db)
        return rows
      })
    },
    async reviewable(pipeline) {
      return pool.transaction(async ({ db }) => {
        // A review by a run that was rolled back since rests on rows that somebody did not trust.
        const { rows } = await sql<ReviewableRun>`
          select r.run_key as "runKey", r.revision, r.kind, r.as_of as "asOf", exists (
              select from effectiveness e join run j on j.run_key || '~' || j.revision = e.judged_by
              where e.is_review and e.run_key = r.run_key and e.revision = r.revision and j.status in ('published', 'superseded')
            ) as "isReviewed"
          from run r where r.pipeline = ${pipeline} and r.status = 'published' and r.kind in ('refit', 'score')
          order by r.as_of, r.revision`.execute(db)
        return rows
      })
    },
    close: () => pool.close(),
  }
}

async function keep({ db }: WarehouseTransaction, { parts, rfm, ...judged }: JudgedRun): Promise<void> {
  if (judged.isReview)
    await sql`update effectiveness set is_review = false where run_key = ${judged.runKey} and revision = ${judged.revision} and is_review`.execute(
      db,
    )
  await sql`
    insert into effectiveness (pipeline, run_key, revision, judged_by, judged_from, judged_until, judged_at, target, effectiveness_index, band,
      customers, segments, spend_explained, conversion_explained, targeting_gain, kpi_spread, stability, coverage,
      rfm_spend_explained, rfm_conversion_explained, permutation_p, is_review, report_uri, outcomes)
    values (${judged.pipeline}, ${judged.runKey}, ${judged.revision}, ${judged.judgedBy}, ${judged.from}, ${judged.until}, now(),
      ${judged.target}, ${judged.index}, ${judged.band}, ${judged.customers}, ${judged.segments}, ${parts.spendExplained},
      ${parts.conversionExplained}, ${parts.targetingGain}, ${parts.kpiSpread}, ${parts.stability}, ${parts.coverage},
      ${rfm.spendExplained}, ${rfm.conversionExplained}, ${judged.permutationP}, ${judged.isReview}, ${judged.reportUri},
      ${judged.outcomes && JSON.stringify(judged.outcomes)}::jsonb)
    on conflict (run_key, revision, judged_by, judged_until) do update set judged_at = excluded.judged_at, target = excluded.target,
      effectiveness_index = excluded.effectiveness_index, band = excluded.band, customers = excluded.customers, segments = excluded.segments,
      spend_explained = excluded.spend_explained, conversion_explained = excluded.conversion_explained,
      targeting_gain = excluded.targeting_gain, kpi_spread = excluded.kpi_spread, stability = excluded.stability,
      coverage = excluded.coverage, rfm_spend_explained = excluded.rfm_spend_explained,
      rfm_conversion_explained = excluded.rfm_conversion_explained, permutation_p = excluded.permutation_p,
      outcomes = excluded.outcomes, is_review = effectiveness.is_review or excluded.is_review,
      report_uri = coalesce(excluded.report_uri, effectiveness.report_uri)`.execute(db)
}
