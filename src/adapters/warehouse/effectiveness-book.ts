import { sql } from 'kysely'
import type { EffectivenessBook, JudgedRun } from '../../ports/effectiveness-book.ts'
import type { WarehouseOptions } from './connection.ts'
import { openMigrated } from './migrate.ts'

/** Effectiveness that was kept. Opens no connection before it is used. */
export function makeEffectivenessBook(options: WarehouseOptions): EffectivenessBook {
  const pool = openMigrated(options, 1)
  return {
    async keep({ parts, rfm, ...judged }) {
      await pool.transaction(({ db }) =>
        sql`
          insert into effectiveness (pipeline, run_key, revision, judged_by, judged_from, judged_until, judged_at, target, effectiveness_index, band,
            customers, segments, spend_explained, conversion_explained, targeting_gain, kpi_spread, stability, coverage,
            rfm_spend_explained, rfm_conversion_explained, permutation_p)
          values (${judged.pipeline}, ${judged.runKey}, ${judged.revision}, ${judged.judgedBy}, ${judged.from}, ${judged.until}, now(),
            ${judged.target}, ${judged.index}, ${judged.band}, ${judged.customers}, ${judged.segments}, ${parts.spendExplained},
            ${parts.conversionExplained}, ${parts.targetingGain}, ${parts.kpiSpread}, ${parts.stability}, ${parts.coverage},
            ${rfm.spendExplained}, ${rfm.conversionExplained}, ${judged.permutationP})
          on conflict (run_key, revision, judged_by) do update set judged_at = excluded.judged_at, target = excluded.target,
            effectiveness_index = excluded.effectiveness_index, band = excluded.band, customers = excluded.customers, segments = excluded.segments,
            spend_explained = excluded.spend_explained, conversion_explained = excluded.conversion_explained,
            targeting_gain = excluded.targeting_gain, kpi_spread = excluded.kpi_spread, stability = excluded.stability,
            coverage = excluded.coverage, rfm_spend_explained = excluded.rfm_spend_explained,
            rfm_conversion_explained = excluded.rfm_conversion_explained, permutation_p = excluded.permutation_p`.execute(
          db,
        ),
      )
    },
    async kept(pipeline) {
      return pool.transaction(async ({ db }) => {
        const { rows } = await sql<JudgedRun>`
          select pipeline, run_key as "runKey", revision, judged_by as "judgedBy", judged_from as "from", judged_until as "until", target,
            effectiveness_index as index, band, customers, segments, permutation_p as "permutationP",
            jsonb_build_object('spendExplained', spend_explained, 'conversionExplained', conversion_explained, 'targetingGain',
              targeting_gain, 'kpiSpread', kpi_spread, 'stability', stability, 'coverage', coverage) as parts,
            jsonb_build_object('spendExplained', rfm_spend_explained, 'conversionExplained', rfm_conversion_explained) as rfm
          from effectiveness where pipeline = ${pipeline} order by judged_from, judged_until, revision`.execute(db)
        return rows
      })
    },
    close: () => pool.close(),
  }
}
