import { dipTest } from './dip-test.ts'
import { principalComponent } from './principal-component.ts'
import { silhouetteWidths } from './silhouette.ts'
import { takeRows } from './take-rows.ts'
import { twoMeans } from './two-means.ts'
import { uniformDraws } from './uniform-draws.ts'

/** Rows whose silhouette is computed: it costs their square. */
const JUDGED_ROWS = 500
const SEED = 1

/** Rows along their principal component. */
export interface MeasuredPeaks {
  readonly dip: number
  /** Small where they have more than one peak. */
  readonly p: number
  /** Different places, as a share of the rows; 0 to 1. */
  readonly distinct: number
}

/** The two halves that rows fall into best. */
export interface MeasuredHalves {
  /** Half of each row, 0 or 1, shape (rows). */
  readonly sides: Int32Array
  /** Mean over 500 rows at most; −1 to 1. */
  readonly silhouette: number
}

/**
 * Whether rows have more than one peak along their principal component (Hartigan & Hartigan 1985), as in bisecting by projection (Boley 1998),
 * with the dip test as in dip-means (Kalogeratos & Likas 2012). The direction is that of the largest variance, not the one with the deepest
 * valley: so the test keeps its level, and groups apart only across it are not seen.
 *
 * @param values shape (rows, dimensions), row-major, finite
 */
export function measurePeaks(values: Float64Array, dimensions: number): MeasuredPeaks {
  const places = principalComponent(values, dimensions)
  return { ...dipTest(places), distinct: new Set(places).size / Math.max(1, places.length) }
}

/**
 * How far the halves of 2-means lie apart (Rousseeuw 1987).
 *
 * @param values shape (rows, dimensions), row-major, finite
 */
export function measureHalves(values: Float64Array, dimensions: number): MeasuredHalves {
  const sides = twoMeans(values, dimensions)
  const judged = judgedRows(sides.length)
  const labels = judged.map((row) => sides[row]!)
  const judgedValues = takeRows(values, dimensions, judged)
  const [widths] = silhouetteWidths(judgedValues, dimensions, [{ labels, clusterCount: 2 }], 0, judged.length)
  return { sides, silhouette: widths!.reduce((sum, width) => sum + width, 0) / Math.max(1, judged.length) }
}

/** One drawn of each stretch of rows, the same each time: every second row would be all of one kind where two kinds take turns. */
function judgedRows(rowCount: number): Int32Array {
  const length = Math.min(rowCount, JUDGED_ROWS)
  const stretch = rowCount / length
  const draw = stretch > 1 ? uniformDraws(SEED) : () => 0
  return Int32Array.from({ length }, (_, i) => Math.floor((i + draw()) * stretch))
}
