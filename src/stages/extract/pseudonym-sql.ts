const PADS = 'pseudonym_pad'

export const COMPILE_PSEUDONYM_PADS = `CREATE TEMP TABLE ${PADS} AS SELECT unhex(inner_pad) AS inner_pad, unhex(outer_pad) AS outer_pad FROM given_pseudonym_pad`

/** Rows with the HMAC-SHA-256 (RFC 2104) of their customer_id instead of it, in lower-case hex; nobody stays nobody. */
export function selectPseudonymous(rows: string): string {
  return `SELECT r.* REPLACE (sha256(k.outer_pad || unhex(sha256(k.inner_pad || encode(r.customer_id)))) AS customer_id) FROM ${rows} r, ${PADS} k`
}
