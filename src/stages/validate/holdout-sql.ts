import { quoteText } from '../../sql/sql-text.ts'

/** Parts of a million, for shares of a hash. */
const MILLION = 1_000_000

/** Who is kept out of activation. */
export interface Holdout {
  /** 0 to 0.5 */
  readonly share: number
  /** Another salt draws other customers. */
  readonly salt: string
  /** `customer`: by the hash of the id alone. `segment`: the same share of each segment, exactly. */
  readonly by: 'customer' | 'segment'
}

/** Nobody, or as the pipeline says; its name is the salt of those who give none. */
export function holdoutOf({
  pipeline,
  publish,
}: {
  readonly pipeline: string
  readonly publish: { readonly holdout?: (Partial<Holdout> & Pick<Holdout, 'share'>) | undefined }
}): Holdout {
  const { share = 0, salt = pipeline, by = 'customer' } = publish.holdout ?? {}
  return { share, salt, by }
}

/** A place from 0 to 2^64 that a customer has for good: who is held out for a share is so for every larger one. */
function hashOf({ salt }: Holdout, customerId: string): string {
  return `md5_number_lower(${quoteText(`holdout:${salt}:`)} || ${customerId})`
}

/** Whether a customer is held out by the hash of the id alone. */
export function compileHeldOut(holdout: Holdout, customerId: string): string {
  return `${hashOf(holdout, customerId)} % ${MILLION} < ${Math.round(holdout.share * MILLION)}`
}

/** Of `customers` customers as many as are held out, rounded half up, in whole numbers. */
function quotaOf({ share }: Holdout, customers: string): string {
  return `(${customers} * ${Math.round(share * MILLION)} + ${MILLION / 2}) // ${MILLION}`
}

/** The same of all at once, drawn for the first time: ids with their segments in, the same with `is_holdout` out. */
export function compileFirstHoldout(holdout: Holdout, relation: string): string {
  const isHeldOut =
    holdout.by === 'customer'
      ? compileHeldOut(holdout, 'customer_id')
      : `row_number() OVER (PARTITION BY segment_key ORDER BY ${hashOf(holdout, 'customer_id')} % ${MILLION}, customer_id)
        <= ${quotaOf(holdout, 'count(*) OVER (PARTITION BY segment_key)')}`
  return `SELECT *, ${isHeldOut} AS is_holdout FROM (${relation})`
}

/**
 * Table `held_out`(customer_id) of `population`, for holdouts by segment. Who is held out stays so, and who is not stays out of it, while
 * share and salt stay; new customers fill what their segment lacks, by the order of the hash. A larger share draws from everybody, a smaller
 * one lets the last of that order go; another salt draws anew.
 *
 * Needs tables segment_keys(cluster, segment_key) and live(customer_id, segment_key, is_holdout).
 *
 * @param before what the publication obeyed that is compared with; null: nobody was held out, or nothing is published
 */
export function compileHeldOutBySegment(holdout: Holdout, before: Holdout | null): string {
  const isContinued = before?.salt === holdout.salt && before.share > 0
  const isKept = isContinued ? 'coalesce(l.is_holdout, false)' : 'false'
  const isFree = isContinued && holdout.share <= before.share ? 'l.customer_id IS NULL' : `NOT ${isKept}`
  const isLowered = isContinued && holdout.share < before.share
  return `
CREATE TABLE held_out AS
SELECT customer_id
FROM (
  SELECT customer_id, is_kept, is_free,
    row_number() OVER (PARTITION BY segment_key ORDER BY is_kept DESC, is_free DESC, place, customer_id) AS position,
    ${quotaOf(holdout, 'count(*) OVER (PARTITION BY segment_key)')} AS quota
  FROM (
    SELECT p.customer_id, k.segment_key, ${isKept} AS is_kept, ${isFree} AS is_free,
      ${hashOf(holdout, 'p.customer_id')} % ${MILLION} AS place
    FROM population AS p
    JOIN segment_keys AS k ON k.cluster = p.cluster
    LEFT JOIN live AS l ON l.customer_id = p.customer_id
  )
)
WHERE (position <= quota AND (is_kept OR is_free)) OR (is_kept AND ${!isLowered})`
}
