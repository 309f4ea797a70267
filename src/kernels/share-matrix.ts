import type { Matrix } from '../ports/kernel-pool.ts'

const shared = new WeakMap<Matrix, Matrix>()

/** The matrix with its values in shared memory, copied at most once. */
export function shareMatrix(matrix: Matrix): Matrix {
  const { rowCount, dimensions, values } = matrix
  if (values.length !== rowCount * dimensions)
    throw new RangeError(`A matrix of ${rowCount} × ${dimensions} does not have ${values.length} values.`)
  if (values.buffer instanceof SharedArrayBuffer) return matrix
  let copy = shared.get(matrix)
  if (!copy) {
    copy = { rowCount, dimensions, values: shareValues(values) }
    shared.set(matrix, copy)
  }
  return copy
}

export function shareValues(values: Float64Array): Float64Array {
  const copy = new Float64Array(new SharedArrayBuffer(values.byteLength))
  copy.set(values)
  return copy
}
