import { MOST_REASONS } from '../../../run/reasons.ts'
import type { Placed, Reason } from '../placed.ts'

/** What a layer said of some customers, in its own numbers. */
export interface LayerPlaced {
  /** Rows of all customers that the layer was asked about, one a row of `placed`. */
  readonly rows: Int32Array
  readonly placed: Placed
  /** The layer's cluster → number among all. */
  readonly numbers: readonly number[]
  /** What it can say. */
  readonly scores: number
  readonly also: number
  readonly reasons: number
}

/** The layer that takes each customer: the first that wants it; −1: none. @param wants one a layer, 1 where it does; null: always */
export function takeCustomers(wants: readonly (Int32Array | null)[], rowCount: number): Int32Array {
  const taken = new Int32Array(rowCount).fill(-1)
  for (let row = 0; row < rowCount; row++) taken[row] = wants.findIndex((want) => want === null || want[row] === 1)
  return taken
}

/** Puts together what layers said of customers of their own; nothing where the layer was not asked. */
export function gatherLayers(layers: readonly LayerPlaced[], rowCount: number): Placed {
  const all = emptyPlaced(rowCount, sum(layers, 'scores'), sum(layers, 'also'))
  const layerOf = new Int32Array(rowCount)
  let [scores, also, reasons] = [0, 0, 0]
  for (const [index, { rows, placed, numbers, ...shape }] of layers.entries()) {
    const number = (cluster: number): number => (cluster < 0 ? -1 : numbers[cluster]!)
    for (const [i, row] of rows.entries()) {
      layerOf[row] = index
      all.cluster[row] = number(placed.cluster[i]!)
      all.confidence[row] = placed.confidence[i]!
      all.distance[row] = placed.distance[i]!
      all.nextCluster[row] = number(placed.nextCluster[i]!)
      all.isOutlier[row] = placed.isOutlier[i]!
      placed.scores.forEach((values, k) => (all.scores[scores + k]![row] = values[i]!))
      placed.also.forEach((values, k) => (all.also[also + k]![row] = number(values[i]!)))
      placed.reasons.forEach(({ label, size }, k) => {
        all.reasons[k]!.label[row] = label[i]! < 0 ? -1 : label[i]! + reasons
        all.reasons[k]!.size[row] = size[i]!
      })
    }
    scores += shape.scores
    also += shape.also
    reasons += shape.reasons
  }
  return { ...all, layer: layerOf }
}

/**
 * Puts together what layers said of the same customers: each is in the combination of its clusters, and further in each layer's own. As
 * sure as the least sure layer, whose next cluster makes the next combination; reasons of the layers in turn.
 *
 * @param combine the layers' clusters → cluster
 */
export function crossPlaced(
  layers: readonly LayerPlaced[],
  rowCount: number,
  combine: (path: readonly number[]) => number,
): Placed {
  const all = emptyPlaced(rowCount, sum(layers, 'scores'), sum(layers, 'also') + layers.length)
  const path = new Array<number>(layers.length).fill(0)
  for (let row = 0; row < rowCount; row++) {
    layers.forEach(({ placed }, i) => (path[i] = placed.cluster[row]!))
    const cluster = combine(path)
    const unsure = leastSure(layers, row)
    const next = unsure < 0 ? -1 : layers[unsure]!.placed.nextCluster[row]!
    const nextCluster = next < 0 ? -1 : combine(path.with(unsure, next))
    all.cluster[row] = cluster
    all.confidence[row] = unsure < 0 ? NaN : layers[unsure]!.placed.confidence[row]!
    all.nextCluster[row] = nextCluster === cluster ? -1 : nextCluster
    all.isOutlier[row] = layers.some(({ placed }) => placed.isOutlier[row] === 1) ? 1 : 0
    let [scores, also] = [0, 0]
    for (const { placed, numbers, ...shape } of layers) {
      const number = (one: number): number => (one < 0 ? -1 : numbers[one]!)
      placed.scores.forEach((values, k) => (all.scores[scores + k]![row] = values[row]!))
      all.also[also]![row] = number(placed.cluster[row]!)
      placed.also.forEach((values, k) => (all.also[also + 1 + k]![row] = number(values[row]!)))
      scores += shape.scores
      also += shape.also + 1
    }
    reasonsInTurn(layers, row, all.reasons)
  }
  return all
}

function leastSure(layers: readonly LayerPlaced[], row: number): number {
  let least = -1
  layers.forEach(({ placed }, i) => {
    const confidence = placed.confidence[row]!
    if (!Number.isNaN(confidence) && (least < 0 || confidence < layers[least]!.placed.confidence[row]!)) least = i
  })
  return least
}

/** The strongest of each layer, then the second of each, until there are enough. */
function reasonsInTurn(layers: readonly LayerPlaced[], row: number, reasons: readonly Reason[]): void {
  let filled = 0
  for (let rank = 0; rank < MOST_REASONS; rank++) {
    let shift = 0
    for (const { placed, reasons: labels } of layers) {
      const label = placed.reasons[rank]?.label[row] ?? -1
      if (label >= 0 && filled < MOST_REASONS) {
        reasons[filled]!.label[row] = label + shift
        reasons[filled]!.size[row] = placed.reasons[rank]!.size[row]!
        filled += 1
      }
      shift += labels
    }
  }
}

function emptyPlaced(rowCount: number, scores: number, also: number): Placed {
  const numbers = (): Int32Array => new Int32Array(rowCount).fill(-1)
  const values = (): Float64Array => new Float64Array(rowCount).fill(NaN)
  return {
    cluster: numbers(),
    confidence: values(),
    distance: values(),
    nextCluster: numbers(),
    isOutlier: new Int32Array(rowCount),
    layer: null,
    scores: Array.from({ length: scores }, values),
    also: Array.from({ length: also }, numbers),
    reasons: Array.from({ length: MOST_REASONS }, () => ({ label: numbers(), size: values() })),
  }
}

function sum(layers: readonly LayerPlaced[], what: 'scores' | 'also' | 'reasons'): number {
  return layers.reduce((total, layer) => total + layer[what], 0)
}
