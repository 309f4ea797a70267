/** Where the last members of retired segments are now. Needs table past_members(customer_id, segment_key). */
export const COUNT_PAST = `
SELECT m.segment_key, p.cluster, count(*) AS customers, count(p.previous_segment_key) AS panel_customers
FROM past_members AS m
JOIN population AS p ON p.customer_id = m.customer_id
GROUP BY m.segment_key, p.cluster
ORDER BY m.segment_key, p.cluster`

/** As the ledger makes it, with nobody in it. */
export const EMPTY_PAST_MEMBERS = 'CREATE TABLE past_members (customer_id VARCHAR, segment_key VARCHAR)'
