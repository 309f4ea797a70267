import { inverseYeoJohnson, yeoJohnson } from '../../stats/yeo-johnson.ts'
import type { FeatureType } from './catalogue/entry.ts'
import type { FittedNumber } from './transform.ts'

const BARS = 16
/** Features of whole numbers: a bar holds equally many of them, or it would be high or low for that alone. */
const WHOLE: readonly FeatureType[] = ['count', 'ordinal', 'boolean']

/** Edges of bars of equal width over [lower, upper]; null where that is no range. */
export function histogramEdges(type: FeatureType, lower: number, upper: number): readonly number[] | null {
  if (!isRange(lower, upper)) return null
  if (!WHOLE.includes(type)) return evenly(lower, upper)
  const first = Math.floor(lower)
  const values = Math.ceil(upper) - first + 1
  const width = Math.ceil(values / BARS)
  return Array.from({ length: Math.ceil(values / width) + 1 }, (_, edge) => first - 0.5 + edge * width)
}

/** Edges, in the feature's own unit, of bars that are equally wide after the transform; null without one. */
export function transformedEdges({
  lower,
  upper,
  transform,
  power,
}: Pick<FittedNumber, 'lower' | 'upper' | 'transform' | 'power'>): readonly number[] | null {
  if (!isRange(lower, upper)) return null
  switch (transform) {
    case 'none':
      return null
    case 'log1p':
      return within(lower, upper, signedLog, (value) => Math.sign(value) * Math.expm1(Math.abs(value)))
    case 'yeoJohnson':
      return within(
        lower,
        upper,
        (value) => yeoJohnson(value, power!),
        (value) => inverseYeoJohnson(value, power!),
      )
  }
}

function within(
  lower: number,
  upper: number,
  transform: (value: number) => number,
  undo: (value: number) => number,
): readonly number[] | null {
  const edges = evenly(transform(lower), transform(upper)).map(undo)
  // A power may flatten a range until nothing of it is left.
  return edges.every((edge, index) => Number.isFinite(edge) && (index === 0 || edge > edges[index - 1]!)) ? edges : null
}

function signedLog(value: number): number {
  return Math.sign(value) * Math.log1p(Math.abs(value))
}

function evenly(lower: number, upper: number): readonly number[] {
  return Array.from({ length: BARS + 1 }, (_, edge) => lower + ((upper - lower) * edge) / BARS)
}

function isRange(lower: number, upper: number): boolean {
  return Number.isFinite(upper - lower) && upper > lower
}
