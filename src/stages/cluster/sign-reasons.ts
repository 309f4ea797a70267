import type { Reason } from './placed.ts'

/**
 * Gives reasons the sign of where the row is: below 0 where it is low in a feature of one dimension. What has several dimensions is neither
 * high nor low.
 *
 * @param values coordinates around 0, shape (rows, dimensions), row-major
 * @param featureOfDimension feature that each dimension comes from
 */
export function signReasons(
  reasons: readonly Reason[],
  values: Float64Array,
  featureOfDimension: Int32Array,
): readonly Reason[] {
  const dimensions = featureOfDimension.length
  const onlyDimension = new Map<number, number>()
  featureOfDimension.forEach((feature, dimension) =>
    onlyDimension.set(feature, onlyDimension.has(feature) ? -1 : dimension),
  )
  return reasons.map(({ label, size }) => ({
    label,
    size: size.map((pull, row) => {
      const dimension = onlyDimension.get(label[row]!) ?? -1
      return dimension >= 0 && values[row * dimensions + dimension]! < 0 ? -pull : pull
    }),
  }))
}
