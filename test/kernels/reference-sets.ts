import { existsSync, readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import type { Matrix } from '../../src/ports/kernel-pool.ts'

const DATA = new URL('../../../shared/data/', import.meta.url)

/** Whether the data with known answers lies beside the repository; says so when it does not. */
export function haveReferenceSets(): boolean {
  const present = existsSync(new URL('clustering/sipu', DATA))
  if (!present) console.warn(`Skipped: the reference sets are not in ${DATA.pathname}.`)
  return present
}

export function matrixOf(rows: readonly (readonly number[])[]): Matrix {
  return { rowCount: rows.length, dimensions: rows[0]?.length ?? 1, values: Float64Array.from(rows.flat()) }
}

interface LabelledSet {
  readonly matrix: Matrix
  readonly species: Int32Array
}

/** Fisher's iris: 150 flowers of 4 measures. */
export function readIris(): LabelledSet {
  return readLabelledSet('iris')
}

/** 178 wines of three growers, 13 measures. */
export function readWine(): LabelledSet {
  return readLabelledSet('wine_data')
}

function readLabelledSet(name: string): LabelledSet {
  const [, ...lines] = readFileSync(new URL(`sklearn_toy/${name}.csv`, DATA), 'utf8')
    .trim()
    .split('\n')
  const rows = lines.map((line) => line.split(',').map(Number))
  return {
    matrix: matrixOf(rows.map((row) => row.slice(0, -1))),
    species: Int32Array.from(rows.map((row) => row.at(-1)!)),
  }
}

/** A set of the clustering benchmark, with its true partition and the one scikit-learn's k-means found. */
export function readBenchmarkSet(
  name: string,
  clusterCount: number,
): { matrix: Matrix; truth: Int32Array; reference: Int32Array } {
  const lines = (path: string): string[] =>
    gunzipSync(readFileSync(new URL(`clustering/${path}`, DATA)))
      .toString()
      .trim()
      .split('\n')
  const [, ...reference] = lines(`reference_results/sklearn_kmeans/${name}.result${clusterCount}.gz`)
  return {
    matrix: matrixOf(lines(`${name}.data.gz`).map((line) => line.trim().split(/\s+/).map(Number))),
    truth: Int32Array.from(lines(`${name}.labels0.gz`).map(Number)),
    reference: Int32Array.from(reference.map(Number)),
  }
}
