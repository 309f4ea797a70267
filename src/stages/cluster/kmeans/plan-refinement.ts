/** Values (rows × features) that a fit may hold beside its sample: 256 MiB of them, and half of that again in the kernel. */
const MOST_VALUES = 33_554_432

/**
 * On how many customers the chosen fit is refined: on all of them while they fit into memory, 2 million with 16 features; beyond, on the
 * first by MD5 of their id. 0 when the sample already has everybody, or when the kernel is the reference, which is too slow for more.
 */
export function planRefinement(
  kernel: 'fast' | 'reference',
  customerCount: number,
  sampleRows: number,
  featureCount: number,
): number {
  if (kernel === 'reference' || customerCount <= sampleRows) return 0
  return Math.min(customerCount, Math.max(sampleRows, Math.floor(MOST_VALUES / featureCount)))
}
