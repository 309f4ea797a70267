import { sql } from 'kysely'
import type { PipelineStanding } from '../../ports/warehouse-reader.ts'
import type { WarehouseTransaction } from './connection.ts'

/** How each pipeline stands that ever ran, in order of their names. */
export async function readStandings({ db }: WarehouseTransaction): Promise<readonly PipelineStanding[]> {
  const { rows } = await sql<Omit<PipelineStanding, 'segments'>>`
    select newest.pipeline, newest.status, newest.started_at as since,
      live.as_of as "asOf", live.published_at as "publishedAt", published.stale_after as "staleAfter",
      published.verdict
    from (select distinct on (pipeline) * from run order by pipeline, as_of desc, revision desc) as newest
    left join pipeline on pipeline.name = newest.pipeline
    left join publication as live on live.id = pipeline.publication_id
    left join run as published on published.run_key = live.run_key and published.revision = live.revision
    order by newest.pipeline`.execute(db)
  const segments = await db
    .selectFrom('segment')
    .select(['pipeline', 'segment_key as segmentKey', 'customers'])
    .orderBy('pipeline')
    .orderBy('segment_key')
    .execute()
  return rows.map((standing) => ({
    ...standing,
    segments: segments
      .filter(({ pipeline }) => pipeline === standing.pipeline)
      .map(({ segmentKey, customers }) => ({ segmentKey, customers })),
  }))
}
