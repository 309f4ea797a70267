import { sql } from 'kysely'
import type { PathStop, SegmentPaths } from '../../run/segment-paths.ts'
import type { WarehouseTransaction } from './connection.ts'

const MOST_STOPS = 8
/** More than any page shows, for some of them may have to be left out. */
const MOST_PATHS = 50

/**
 * Counts how customers went through the segments, over the last eight publications that close a period and stand: neither rolled back nor
 * replaced by a later revision. Score runs between periods are no stops.
 *
 * @returns undefined with fewer than two such publications
 */
export async function readPaths(
  transaction: WarehouseTransaction,
  pipeline: string,
): Promise<SegmentPaths | undefined> {
  const stops = await readStops(transaction, pipeline)
  if (stops.length < 2) return undefined
  return {
    stops: stops.map(({ runKey, revision, period, asOf }) => ({ runKey, revision, period, asOf })),
    names: await readNames(transaction, stops),
    ...(await countPaths(transaction, pipeline, stops)),
  }
}

type Stop = PathStop & { readonly id: number }

/** Oldest first. */
async function readStops({ db }: WarehouseTransaction, pipeline: string): Promise<readonly Stop[]> {
  const { rows } = await sql<Stop>`
    select p.id, p.run_key as "runKey", p.revision, p.period, p.as_of as "asOf"
    from publication p
    join run r on r.run_key = p.run_key and r.revision = p.revision
    where p.pipeline = ${pipeline} and p.published_at is not null and r.status = 'published' and r.kind <> 'score'
    order by p.as_of desc limit ${MOST_STOPS}`.execute(db)
  return [...rows].reverse()
}

async function readNames(
  { db }: WarehouseTransaction,
  stops: readonly Stop[],
): Promise<Readonly<Record<string, string>>> {
  const { rows } = await sql<{ segmentKey: string; name: string }>`
    select distinct on (n.segment_key) n.segment_key as "segmentKey", n.name
    from publication_segment n join publication p on p.id = n.publication_id
    where p.id in (${sql.join(stops.map(({ id }) => id))})
    order by n.segment_key, p.as_of desc`.execute(db)
  return Object.fromEntries(rows.map(({ segmentKey, name }) => [segmentKey, name]))
}

type Counts = Pick<SegmentPaths, 'customers' | 'throughout' | 'stayed' | 'paths' | 'steps'>

/** One pass over the history, whose periods begin and end at instants that publications look from; no customer leaves the database. */
async function countPaths({ db }: WarehouseTransaction, pipeline: string, stops: readonly Stop[]): Promise<Counts> {
  const segmentAt = stops.map(
    ({ id }) => sql`max(h.segment_key) filter (where h.valid_from <= (select as_of from publication where id = ${id})
      and (h.valid_to is null or h.valid_to > (select as_of from publication where id = ${id})))`,
  )
  const { rows } = await sql<Counts>`
    with path as materialized (
      select keys, count(*)::int as customers
      from (
        select array[${sql.join(segmentAt)}] as keys from customer_segment_history h
        where h.pipeline = ${pipeline} group by h.customer_id
      ) customer
      where cardinality(array_remove(keys, null)) > 0
      group by keys
    ), step as (
      select position, keys[position + 1] as from_key, keys[position + 2] as to_key, sum(customers)::int as customers
      from path, generate_series(0, ${stops.length - 2}::int) position
      where keys[position + 1] is not null or keys[position + 2] is not null
      group by 1, 2, 3
    )
    select coalesce(sum(customers), 0)::int as customers,
      coalesce(sum(customers) filter (where array_position(keys, null) is null), 0)::int as throughout,
      coalesce(sum(customers) filter (where keys[1] = all (keys)), 0)::int as stayed,
      (select coalesce(jsonb_agg(jsonb_build_object('segmentKeys', to_jsonb(keys), 'customers', customers)
          order by customers desc, keys collate "C"), '[]')
        from (select * from path order by customers desc, keys collate "C" limit ${MOST_PATHS}) most) as paths,
      (select coalesce(jsonb_agg(jsonb_build_object('position', position, 'fromSegmentKey', from_key,
          'toSegmentKey', to_key, 'customers', customers)
          order by position, from_key collate "C" nulls last, to_key collate "C" nulls last), '[]')
        from step) as steps
    from path`.execute(db)
  return rows[0]!
}
