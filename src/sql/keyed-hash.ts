/** Tables of a session that hold a list of keyed hashes, and what it takes to compute them. */
export const HASH_LIST = 'listed_hash'
export const HASH_PADS = 'hash_pad'

/** Blobs out of what the session was given as text: the key stands in no statement, which errors would quote. */
export const COMPILE_PADS = `CREATE TEMP TABLE ${HASH_PADS} AS SELECT unhex(inner_pad) AS inner_pad, unhex(outer_pad) AS outer_pad FROM given_pad`

/** Those ids of a query with `customer_id` whose HMAC-SHA-256 (RFC 2104) is on the list, each once. */
export function selectListed(ids: string): string {
  return `SELECT DISTINCT r.customer_id FROM (${ids}) r, ${HASH_PADS} k
WHERE sha256(k.outer_pad || unhex(sha256(k.inner_pad || encode(r.customer_id)))) IN (SELECT hash FROM ${HASH_LIST})`
}
