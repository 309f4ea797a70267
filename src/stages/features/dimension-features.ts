import { dimensionsOf } from './transform.ts'
import type { FittedTransforms } from './transform.ts'

/** Index in `features` of the feature that each coordinate comes from. */
export function dimensionFeatures({ features }: FittedTransforms): Int32Array {
  return Int32Array.from(features.flatMap((feature, index) => new Array<number>(dimensionsOf(feature)).fill(index)))
}
