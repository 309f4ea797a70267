import { dipTest } from './dip-test.ts'
import { hopkins } from './hopkins.ts'
import { principalComponent } from './principal-component.ts'

/** Deviation of the Hopkins statistic of even rows: 0.035. */
const PROBES = 100

/** Whether rows lie in heaps, and in more than one; null: not computed. */
export interface Clusterability {
  /** About 0.5 for rows spread evenly, near 1 for one heap and for several. */
  readonly hopkins: number | null
  /** Of the rows along their principal component: large for more than one peak. */
  readonly dip: number | null
  /** Small when there is more than one. */
  readonly dipP: number | null
}

/**
 * @param values shape (rows, dimensions), row-major, finite
 * @param leastRows with fewer there is too much luck in the figures
 */
export function measureClusterability(
  values: Float64Array,
  dimensions: number,
  seed: number,
  leastRows: number,
): Clusterability {
  if (dimensions === 0 || values.length / dimensions < leastRows) return { hopkins: null, dip: null, dipP: null }
  const evenness = hopkins(values, dimensions, PROBES, seed)
  const { dip, p } = dipTest(principalComponent(values, dimensions))
  return { hopkins: Number.isNaN(evenness) ? null : evenness, dip, dipP: p }
}
