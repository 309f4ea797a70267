import fc from 'fast-check'
import { expect, it } from 'vitest'
import { strongestReasons } from '../../../src/stages/cluster/strongest-reasons.ts'

it('names the three labels that pull most, with their signs, of equals the one listed first, and none that do not pull', () => {
  const pull = fc.constantFrom(0, -0.5, 0.5, 1, -1, 2, NaN)
  const rows = fc
    .integer({ min: 1, max: 5 })
    .chain((labels) =>
      fc.array(fc.array(pull, { minLength: labels, maxLength: labels }), { minLength: 1, maxLength: 6 }),
    )
  fc.assert(
    fc.property(rows, (customers) => {
      const pulls = customers[0]!.map((_, label) => Float64Array.from(customers, (own) => own[label]!))
      const reasons = strongestReasons(pulls, customers.length)
      customers.forEach((own, row) => {
        const ranked = own
          .map((size, label) => ({ label, size }))
          .filter(({ size }) => Math.abs(size) > 0)
          .sort((a, b) => Math.abs(b.size) - Math.abs(a.size) || a.label - b.label)
        const found = reasons.map(({ label, size }) => ({ label: label[row]!, size: size[row]! }))
        expect(found.filter(({ label }) => label >= 0)).toEqual(ranked.slice(0, 3))
        expect(found.filter(({ label }) => label < 0).every(({ size }) => Number.isNaN(size))).toBe(true)
      })
    }),
  )
})
