import { sql } from 'kysely'
import type { FeedbackBook } from '../../ports/feedback-book.ts'
import type { KeptFeedback } from '../../run/feedback.ts'
import type { WarehouseOptions } from './connection.ts'
import { openMigrated } from './migrate.ts'

/** Feedback in a table of the warehouse. Opens no connection before it is used. */
export function makeFeedbackBook(options: WarehouseOptions): FeedbackBook {
  const pool = openMigrated(options, 1)
  return {
    async add(pipeline, entries) {
      return pool.transaction(async ({ db }) => {
        const added = await sql`
          insert into feedback (pipeline, segment_key, judgement, customer_id, belongs_in, note, author)
          select ${pipeline}, "segmentKey", judgement, "customerId", "belongsIn", note, author
          from jsonb_to_recordset(${JSON.stringify(entries)}::jsonb) as said ("segmentKey" text, judgement text, "customerId" text,
            "belongsIn" text, note text, author text)
          on conflict do nothing`.execute(db)
        return Number(added.numAffectedRows ?? 0)
      })
    },
    async list(pipeline) {
      return pool.transaction(async ({ db }) => {
        const { rows } = await sql<KeptFeedback>`
          select segment_key as "segmentKey", judgement, customer_id as "customerId", belongs_in as "belongsIn", note, author,
            given_at as "givenAt"
          from feedback where pipeline = ${pipeline} order by given_at, id`.execute(db)
        return rows
      })
    },
    close: () => pool.close(),
  }
}
