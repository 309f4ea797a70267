import { sql } from 'kysely'
import { NEAREST_CUSTOMERS, type NearestCustomers, type NearestOfRun } from '../../run/nearest-customers.ts'
import type { RunIdentity } from '../../run/run-key.ts'
import type { WarehouseTransaction } from './connection.ts'

/**
 * The customers of each live segment with the least distance to its middle, of equal ones those with the lower id. Whom people put there
 * is left out: the middle is not theirs.
 */
export async function readNearest(
  { db }: WarehouseTransaction,
  pipeline: string,
  { runKey, revision }: RunIdentity,
): Promise<NearestOfRun> {
  const { rows } = await sql<{ segments: readonly NearestCustomers[] | null }>`
    select (
      select json_agg(json_build_object('segmentKey', segment_key, 'customerIds', ids) order by segment_key)
      from (
        select segment_key, json_agg(customer_id order by place) as ids
        from (
          select segment_key, customer_id,
            row_number() over (partition by segment_key order by distance, customer_id collate "C") as place
          from customer_segments
          where pipeline = ${pipeline} and distance is not null and layer <> 'override'
        ) as placed
        where place <= ${NEAREST_CUSTOMERS}
        group by segment_key
      ) as nearest
    ) as segments
    from pipeline
    join publication on publication.id = pipeline.publication_id
    where pipeline.name = ${pipeline} and publication.run_key = ${runKey} and publication.revision = ${revision}`.execute(
    db,
  )
  const [live] = rows
  if (!live) return { absent: 'run is not live' }
  return live.segments === null ? { absent: 'method measures no distance' } : { segments: live.segments }
}
