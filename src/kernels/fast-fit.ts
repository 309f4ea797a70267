import { layOutFit } from './fit-layout.ts'
import { FitTeam } from './fit-team.ts'
import { runLloyd } from './lloyd.ts'
import type { PackedRows } from './packed-rows.ts'
import { seedCentres } from './seed-centres.ts'

export interface FastFitTask {
  readonly packed: PackedRows
  /** Address at which the fit may keep its state. */
  readonly start: number
  readonly clusterCount: number
  /** Seed of k-means++, or centres to begin with: shape (clusterCount, dimensions), in the space of the matrix. */
  readonly begin: number | Float64Array
  readonly maxIterations: number
  /** Share of the data's mean variance: centres that move less, as the sum of squared shifts, have arrived. */
  readonly tolerance: number
}

export interface FastFit {
  /** Shape (clusterCount, dimensions), in the space of the matrix. */
  readonly centres: Float64Array
  /** Of all rows, in shared memory. */
  readonly labels: Int32Array
  readonly inertia: number
  readonly iterations: number
  readonly converged: boolean
}

/** One fit in single precision. The thread that calls this leads; others may `helpFit` with the same task. */
export function fitFast(task: FastFitTask): FastFit {
  const { packed, clusterCount, begin, maxIterations, tolerance } = task
  const { dimensions, meanVariance } = packed
  const { origin, scale } = packed.space
  const team = new FitTeam(packed, layOutFit(packed, task.start, clusterCount))
  try {
    const centres =
      typeof begin === 'number'
        ? seedCentres(team, packed, clusterCount, begin)
        : begin.map((value, i) => (value - origin[i % dimensions]!) * scale)
    const { inertia, ...ended } = runLloyd(team, packed, centres, maxIterations, tolerance * meanVariance)
    const labels = new Int32Array(new SharedArrayBuffer(packed.rowCount * Int32Array.BYTES_PER_ELEMENT))
    labels.set(new Int32Array(team.buffer, team.layout.labels, packed.rowCount))
    return {
      centres: centres.map((value, i) => value / scale + origin[i % dimensions]!),
      labels,
      inertia: inertia / scale ** 2,
      ...ended,
    }
  } finally {
    team.close()
  }
}

export function helpFit({ packed, start, clusterCount }: FastFitTask): void {
  new FitTeam(packed, layOutFit(packed, start, clusterCount)).help()
}
