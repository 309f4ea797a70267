import { sql } from 'kysely'
import type { Publication } from '../../ports/destination.ts'
import type { WarehouseTransaction } from './connection.ts'
import { asCame, insertAll } from './insert-all.ts'

/** What the first run says of a segment, no other changes. */
const FOR_GOOD = ['pipeline', 'segment_key', 'first_as_of', 'own_key'] as const

/** The segments as they are now; those that have no customers any more are retired. */
export async function writeSegments({ db }: WarehouseTransaction, publication: Publication, id: number): Promise<void> {
  const { plan, validation } = publication
  const keys = validation.segments.map((segment) => segment.segmentKey)
  let gone = db
    .updateTable('segment')
    .set({ status: 'retired', customers: 0, share: 0 })
    .where('pipeline', '=', plan.pipeline)
  if (keys.length > 0) gone = gone.where('segment_key', 'not in', keys)
  await gone.execute()
  await insertAll(rowsOf(publication, id), (rows) =>
    db
      .insertInto('segment')
      .values(rows)
      .onConflict((conflict) => conflict.columns(['pipeline', 'segment_key']).doUpdateSet(asCame(rows[0]!, FOR_GOOD)))
      .execute(),
  )
}

/** A segment that nobody knew is retired: it was, and is not. Of the others only their beginning can lie earlier now. */
export async function addSegments({ db }: WarehouseTransaction, publication: Publication, id: number): Promise<void> {
  const rows = rowsOf(publication, id).map((row) => ({
    ...row,
    ...{ status: 'retired' as const, customers: 0, share: 0 },
  }))
  await insertAll(rows, (part) =>
    db
      .insertInto('segment')
      .values(part)
      .onConflict((conflict) =>
        conflict
          .columns(['pipeline', 'segment_key'])
          .doUpdateSet({ first_as_of: sql<string>`least(segment.first_as_of, excluded.first_as_of)` }),
      )
      .execute(),
  )
}

function rowsOf({ plan, validation }: Publication, id: number) {
  return validation.segments.map((segment) => ({
    pipeline: plan.pipeline,
    segment_key: segment.segmentKey,
    first_as_of: plan.asOf,
    own_key: segment.ownKey,
    name: segment.name,
    description: segment.description,
    criteria: segment.criteria,
    status: segment.status,
    customers: segment.customers,
    share: segment.share,
    level: segment.level,
    parent_segment_key: segment.parentSegmentKey,
    stability: segment.stability,
    rule: segment.rule?.words ?? null,
    rule_sql: segment.rule?.sql ?? null,
    rule_precision: segment.rule?.precision ?? null,
    rule_coverage: segment.rule?.coverage ?? null,
    layer: segment.layer,
    owner: segment.owner,
    last_as_of: plan.asOf,
    last_publication_id: id,
  }))
}
