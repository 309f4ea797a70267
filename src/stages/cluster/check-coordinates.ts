import { CoordinatesNotFinite } from '../../errors/coordinates-not-finite.ts'

/**
 * @param values coordinates, shape (customers, dimensions), row-major
 * @param names of the features that the dimensions come from
 * @throws CoordinatesNotFinite
 */
export function checkCoordinates(values: Float64Array, names: readonly string[]): void {
  const bad = values.findIndex((value) => !Number.isFinite(value))
  if (bad < 0) return
  const name = names[bad % names.length]!
  throw new CoordinatesNotFinite(
    `Feature ${name} of at least one customer is ${values[bad]} after its transform: distances need finite numbers.`,
    `Look for infinite or extremely large amounts in the source, clamp ${name} with winsorise, then rerun.`,
  )
}
