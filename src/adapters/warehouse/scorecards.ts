import { sql } from 'kysely'
import type { Scorecards } from '../../ports/scorecards.ts'
import type { WarehouseOptions } from './connection.ts'
import { openMigrated } from './migrate.ts'

/** Scorecards that were kept. Opens no connection before it is used. */
export function makeScorecards(options: WarehouseOptions): Scorecards {
  const pool = openMigrated(options, 1)
  return {
    async keep(askedAt, scores) {
      const rows = JSON.stringify(scores)
      await pool.transaction(({ db }) =>
        sql`insert into scorecard (asked_at, question, score, most, findings)
          select ${askedAt}::timestamptz, question, score, most, findings
          from jsonb_to_recordset(${rows}::jsonb) as kept (question integer, score integer, most integer, findings jsonb)
          on conflict do nothing`.execute(db),
      )
    },
    async kept() {
      return pool.transaction(async ({ db }) => {
        const { rows } = await sql<Awaited<ReturnType<Scorecards['kept']>>[number]>`
          select asked_at as "askedAt", round(avg(score))::integer as score, round(avg(most))::integer as most
          from scorecard group by asked_at order by asked_at`.execute(db)
        return rows
      })
    },
    close: () => pool.close(),
  }
}
