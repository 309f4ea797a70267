import { describe, expect, it } from 'vitest'
import { findValley } from '../../src/stats/find-valley.ts'
import { blob } from './planted-rows.ts'

describe('findValley', () => {
  it('finds the place midway between two equal heaps', () => {
    const values = blob(4_000, 1, 1).map((value, i) => (i % 2 === 0 ? value : value + 6))
    expect(Math.abs(findValley(values)!.place - 3)).toBeLessThan(0.3)
  })
  it('finds it nearer to the heap that is narrow', () => {
    // 0.8 φ(x ÷ 3) ÷ 3 + 0.2 φ((x − 9.5) ÷ 0.5) ÷ 0.5 is least at 7.79 between its peaks (by trying all thousandths).
    const values = blob(10_000, 1, 2).map((value, i) => (i % 5 === 0 ? 9.5 + 0.5 * value : 3 * value))
    expect(Math.abs(findValley(values)!.place - 7.79)).toBeLessThan(0.4)
  })
  it('is not misled by single values far out', () => {
    const values = blob(2_000, 1, 3).map((value, i) => (i % 2 === 0 ? value : value + 8))
    expect(Math.abs(findValley(Float64Array.from([...values, 1e6, -1e6]))!.place - 4)).toBeLessThan(0.4)
  })
  it('finds none where all values are the same, and none in none', () => {
    expect(findValley(new Float64Array(100).fill(2))).toBeUndefined()
    expect(findValley(new Float64Array())).toBeUndefined()
  })
})
