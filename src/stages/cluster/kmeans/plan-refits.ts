/** Refits times rows: what judging a count may cost. */
const REFITTED_ROWS = 40_000
const FEWEST = 10
const MOST = 50
const SPLITS_TO_BOOTSTRAPS = 4
const FEWEST_SPLITS = 5
/** ml-kmeans takes about so many times as long. */
const SLOWNESS = 4

export interface RefitPlan {
  readonly bootstraps: number
  readonly splits: number
}

/**
 * How often a count is clustered anew to see what is stable: less often where there are more rows, which also vary less.
 *
 * @param rowCount rows of the sample that is judged
 * @param wanted bootstrap samples; undefined: as many as the rows suggest
 * @param leastRows with fewer, nothing is said about stability
 */
export function planRefits(
  rowCount: number,
  wanted: number | undefined,
  hasFastKernel: boolean,
  leastRows: number,
): RefitPlan {
  if (rowCount < leastRows || wanted === 0) return { bootstraps: 0, splits: 0 }
  const suggested = Math.min(MOST, Math.max(FEWEST, Math.round(REFITTED_ROWS / rowCount)))
  const bootstraps = wanted ?? Math.ceil(suggested / (hasFastKernel ? 1 : SLOWNESS))
  return { bootstraps, splits: Math.max(FEWEST_SPLITS, Math.round(bootstraps / SPLITS_TO_BOOTSTRAPS)) }
}
