import { quoteText } from './sql-text.ts'

/** Shares are whole numbers of these parts. */
const PARTS = 1_000_000_000

/** A share as sampling takes it. @param share 0 to 1 */
export function toSampledShare(share: number): number {
  return Math.min(1, Math.ceil(share * PARTS) / PARTS)
}

/**
 * SQL condition that holds of about a share of all ids: by a hash of the id alone, so that they are the same ids in every table, at every
 * time, and all of them in every larger sample. Another hash than that of shards and holdouts.
 *
 * @param share 0 to 1
 */
export function isSampled(id: string, share: number): string {
  if (share >= 1) return 'true'
  return `md5_number_lower(${quoteText('sample:')} || ${id}) % ${PARTS} < ${Math.round(share * PARTS)}`
}
