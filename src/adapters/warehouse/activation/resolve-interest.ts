import { sql } from 'kysely'
import type { Interest } from '../../../stages/publish/activation/triggers.ts'
import type { WarehouseTransaction } from '../connection.ts'

/** The same with keys in place of given names. A word that no segment has stands for itself: it is a key that comes later. */
export async function resolveInterest(
  { db }: WarehouseTransaction,
  { pipeline, interest }: { readonly pipeline: string; readonly interest: Interest },
): Promise<Interest> {
  const { rows } = await sql<{ segment_key: string; name: string }>`
    select segment_key, name from segment where pipeline = ${pipeline}
    order by status = 'retired' desc, segment_key desc`.execute(db)
  // Of several that had the name the last in this order: one that is in use.
  const keys = new Map([
    ...rows.map(({ segment_key, name }) => [name, segment_key] as const),
    ...rows.map(({ segment_key }) => [segment_key, segment_key] as const),
  ])
  const keyOf = (word: string): string => keys.get(word) ?? word
  return {
    segments: interest.segments?.map(keyOf) ?? null,
    triggers:
      interest.triggers?.map(({ event, segment }) => ({ event, segment: segment === null ? null : keyOf(segment) })) ??
      null,
  }
}
