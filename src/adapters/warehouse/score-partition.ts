/** Where what one run said of each customer is. */
export function scorePartition(publicationId: number): string {
  return `membership_score_${publicationId}`
}
