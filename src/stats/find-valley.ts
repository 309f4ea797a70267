const CELLS = 256
/** Of each end: single values far out are peaks of their own at any bandwidth that shows two others. */
const TRIMMED = 0.02
const HALVINGS = 24

export interface Valley {
  readonly place: number
  /** Density there, of that at the lower of the two peaks; 0 to 1. */
  readonly depth: number
}

/**
 * Where two heaps of values part: the lowest place between the two peaks of the Gaussian kernel estimate at the critical bandwidth, the smallest
 * at which it has no more than two (Silverman 1981). The fiftieth at either end is left out.
 *
 * @param values in any order, without NaN
 * @returns undefined where there are no two peaks
 */
export function findValley(values: Float64Array): Valley | undefined {
  const sorted = values.toSorted()
  const cut = Math.floor(TRIMMED * sorted.length)
  const kept = sorted.subarray(cut, sorted.length - cut)
  const [least, most] = [kept[0]!, kept.at(-1)!]
  if (!(most > least)) return undefined
  const width = (most - least) / CELLS
  const counts = new Float64Array(CELLS)
  for (const value of kept) counts[Math.min(CELLS - 1, Math.floor((value - least) / width))]! += 1
  // Peaks never become more with a larger bandwidth (Silverman 1981).
  let [narrow, wide] = [0.5, CELLS]
  for (let i = 0; i < HALVINGS; i++) {
    const middle = (narrow + wide) / 2
    if (peaksOf(smooth(counts, middle)).length > 2) narrow = middle
    else wide = middle
  }
  const density = smooth(counts, wide)
  const [first, second] = peaksOf(density)
  if (first === undefined || second === undefined) return undefined
  let lowest = first
  for (let cell = first; cell <= second; cell++) if (density[cell]! < density[lowest]!) lowest = cell
  const depth = density[lowest]! / Math.min(density[first]!, density[second]!)
  return { place: least + (lowest + 0.5) * width, depth }
}

/** @param bandwidth in cells */
function smooth(counts: Float64Array, bandwidth: number): Float64Array {
  const weights = counts.map((_, apart) => Math.exp(-((apart / bandwidth) ** 2) / 2))
  return counts.map((_, cell) =>
    counts.reduce((sum, count, other) => sum + count * weights[Math.abs(cell - other)]!, 0),
  )
}

/** Cells higher than both neighbours; beyond the ends there is nothing. */
function peaksOf(density: Float64Array): readonly number[] {
  return [...density.keys()].filter(
    (cell) => density[cell]! > (density[cell - 1] ?? 0) && density[cell]! >= (density[cell + 1] ?? 0),
  )
}
