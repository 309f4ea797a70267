import pg from 'pg'
import { tablesOfRun, type Loaded } from './load-published.ts'

/** As of a publication of the past, as the history has it. COPY takes no parameters. */
export function tablesInPast(
  pipeline: string,
  { publicationId, asOf }: { readonly publicationId: number; readonly asOf: string },
): readonly Loaded[] {
  const name = pg.escapeLiteral(pipeline)
  const instant = `${pg.escapeLiteral(asOf)}::timestamptz`
  const members = `select customer_id, segment_key, is_holdout from customer_segment_history
    where pipeline = ${name} and valid_from <= ${instant} and (valid_to is null or valid_to > ${instant})`
  return [
    {
      table: 'live',
      query: members,
      columns: { customer_id: 'VARCHAR', segment_key: 'VARCHAR', is_holdout: 'BOOLEAN' },
    },
    ...tablesOfRun(String(publicationId)),
    {
      table: 'former',
      query: `select distinct customer_id from customer_segment_history where pipeline = ${name} and valid_to <= ${instant}
        except select customer_id from (${members}) m`,
      columns: { customer_id: 'VARCHAR' },
    },
    {
      // Segments that were not there then, retired since or born later: their members when they were there last, or first.
      table: 'past_members',
      query: `select c.customer_id, c.segment_key from (
          select pipeline, customer_id, segment_key, valid_from, valid_to from membership_closed
          union all
          select pipeline, customer_id, segment_key, valid_from, null from membership_open
        ) c
        join (
          select segment_key, case when first_as_of > ${instant} then first_as_of else last_as_of end as known_at
          from segment where pipeline = ${name} and own_key is null
            and segment_key not in (select segment_key from (${members}) m)
        ) g on g.segment_key = c.segment_key
        where c.pipeline = ${name} and c.valid_from <= g.known_at and (c.valid_to is null or c.valid_to > g.known_at)`,
      columns: { customer_id: 'VARCHAR', segment_key: 'VARCHAR' },
    },
  ]
}
