import { expect, it } from 'vitest'
import { signReasons } from '../../../src/stages/cluster/sign-reasons.ts'

it('says whether a customer is low in a feature; a feature of several dimensions is neither (by hand)', () => {
  // Feature 0 has dimension 0, feature 1 the dimensions 1 and 2; two rows.
  const values = Float64Array.of(-1, -2, -2, 3, -4, -4)
  const reasons = [
    { label: Int32Array.of(0, 0), size: Float64Array.of(5, 6) },
    { label: Int32Array.of(1, -1), size: Float64Array.of(2, NaN) },
  ]
  const signed = signReasons(reasons, values, Int32Array.of(0, 1, 1))
  expect(signed.map(({ label, size }) => [[...label], [...size]])).toEqual([
    [
      [0, 0],
      [-5, 6],
    ],
    [
      [1, -1],
      [2, NaN],
    ],
  ])
})
