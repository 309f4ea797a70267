import type { Customer } from './candidate-bench.ts'

/** Three groups of equal size: frequent and rich, lapsed and poor, new and small. Deterministic, no two alike. */
export function threeGroups(size: number, prefix = 'c'): readonly Customer[] {
  return Array.from({ length: size * 3 }, (_, i): Customer => {
    const wobble = ((i * 7919) % 101) / 101
    const id = `${prefix}${String(i).padStart(5, '0')}`
    if (i % 3 === 0) return [id, 5 + wobble * 3, 40 + wobble * 10, 3_000 + wobble * 800]
    if (i % 3 === 1) return [id, 300 + wobble * 60, 1 + wobble, 60 + wobble * 30]
    return [id, 20 + wobble * 8, 3 + wobble, i === 2 ? null : 150 + wobble * 50]
  })
}
