import { sql } from 'kysely'
import type { PastState, PublishedState } from '../../ports/ledger.ts'
import type { DatedRun } from '../../run/succession.ts'
import type { WarehouseTransaction } from './connection.ts'

export interface Neighbour extends DatedRun {
  readonly publicationId: number
  /** There is none before the run. */
  readonly isAfter: boolean
}

/** The publication before an as-of that is the result of its own, or with none before, the nearest one from then on. */
export async function findNeighbour(
  { db }: WarehouseTransaction,
  pipeline: string,
  asOf: string,
): Promise<Neighbour | null> {
  const { rows } = await sql<Neighbour>`
    select p.id as "publicationId", p.run_key as "runKey", p.revision, p.as_of as "asOf",
      p.as_of >= ${asOf}::timestamptz as "isAfter"
    from publication p
    join run r on r.run_key = p.run_key and r.revision = p.revision and r.status = 'published'
    where p.pipeline = ${pipeline} and p.published_at is not null
    order by p.as_of >= ${asOf}::timestamptz, abs(extract(epoch from p.as_of - ${asOf}::timestamptz)) limit 1`.execute(
    db,
  )
  return rows[0] ?? null
}

/** What consumers see. */
export async function findShown({ db }: WarehouseTransaction, pipeline: string): Promise<DatedRun | null> {
  const live = await db
    .selectFrom('pipeline')
    .innerJoin('publication', 'publication.id', 'pipeline.publication_id')
    .select(['publication.run_key as runKey', 'publication.revision', 'publication.as_of as asOf'])
    .where('pipeline.name', '=', pipeline)
    .executeTakeFirst()
  return live ?? null
}

/** What a run meets that fills in the past. */
export async function readPastState(
  transaction: WarehouseTransaction,
  pipeline: string,
  run: DatedRun,
): Promise<{ readonly live: PublishedState['live']; readonly past: PastState }> {
  const { db } = transaction
  const shown = await findShown(transaction, pipeline)
  const own = await db
    .selectFrom('publication')
    .select('model')
    .where('pipeline', '=', pipeline)
    .where('run_key', '=', run.runKey)
    .where('revision', '=', run.revision)
    .where('published_at', 'is not', null)
    .executeTakeFirst()
  const neighbour = await findNeighbour(transaction, pipeline, run.asOf)
  const past = { shown, isAfter: neighbour?.isAfter ?? false, ownModel: own?.model ?? null }
  if (!neighbour) return { live: null, past }
  const { isAfter: _, ...found } = neighbour
  const row = await db
    .selectFrom('publication')
    .select(['definition_hash', 'clean_rows', 'model', 'compared_with'])
    .where('id', '=', neighbour.publicationId)
    .executeTakeFirstOrThrow()
  const live = {
    ...found,
    definitionHash: row.definition_hash,
    cleanRows: row.clean_rows,
    model: row.model,
    comparedWith: row.compared_with,
  }
  return { live, past }
}
