import { describe, expect, it } from 'vitest'
import { centreReasons } from '../../../src/stages/cluster/centre-reasons.ts'

const oneEach = Int32Array.of(0, 1, 2, 3)
// Clusters 0, 1, 2 of four features.
const centres = Float64Array.of(0, 0, 0, 0, 3, 1, -2, 0, 10, 10, 10, 10)

describe('reasons by centres', () => {
  it('are the features whose squared distance to the next centre exceeds that to the own one most, strongest first', () => {
    // By hand, row (0, 0.25, −0.5, 5): 3² − 0² = 9; 0.75² − 0.25² = 0.5; 1.5² − 0.5² = 2; 0.
    const reasons = centreReasons(
      Float64Array.of(0, 0.25, -0.5, 5),
      ...([4, oneEach, 4, centres, Int32Array.of(0), Int32Array.of(1)] as const),
    )
    expect(reasons.map(({ label }) => label[0])).toEqual([0, 2, 1])
    expect(reasons.map(({ size }) => size[0])).toEqual([9, 2, 0.5])
  })

  it('leave out features that pull to the next centre, or to neither', () => {
    // By hand: 3² − 0² = 9; feature 1 at 2: 1 − 4 = −3; feature 2 at −2: 0 − 4; feature 3 equal in both.
    const [first, second, third] = centreReasons(
      Float64Array.of(0, 2, -2, 7),
      ...([4, oneEach, 4, centres, Int32Array.of(0), Int32Array.of(1)] as const),
    )
    expect([first!.label[0], second!.label[0], third!.label[0]]).toEqual([0, -1, -1])
    expect([second!.size[0], third!.size[0]]).toEqual([NaN, NaN])
  })

  it('add up the dimensions of a feature', () => {
    // Features 0 and 1 of two dimensions each, by hand: 9 + 0.5 and 2 + 0.
    const reasons = centreReasons(
      Float64Array.of(0, 0.25, -0.5, 5),
      ...([4, Int32Array.of(0, 0, 1, 1), 2, centres, Int32Array.of(0), Int32Array.of(1)] as const),
    )
    expect(reasons.map(({ label }) => label[0])).toEqual([0, 1, -1])
    expect(reasons.map(({ size }) => size[0])).toEqual([9.5, 2, NaN])
  })

  it('name the lower feature first among equals', () => {
    const two = Float64Array.of(0, 0, 0, 0, 0, 2, 2, 2, 2, 2)
    const reasons = centreReasons(
      new Float64Array(5),
      ...([5, Int32Array.of(0, 1, 2, 3, 4), 5, two, Int32Array.of(0), Int32Array.of(1)] as const),
    )
    expect(reasons.map(({ label }) => label[0])).toEqual([0, 1, 2])
  })

  it('are none where there is no next centre, and none for no rows', () => {
    const alone = centreReasons(
      Float64Array.of(1, 2, 3, 4),
      ...([4, oneEach, 4, centres, Int32Array.of(0), Int32Array.of(-1)] as const),
    )
    expect(alone.map(({ label }) => label[0])).toEqual([-1, -1, -1])
    const none = centreReasons(
      new Float64Array(),
      ...([4, oneEach, 4, centres, new Int32Array(), new Int32Array()] as const),
    )
    expect(none.map(({ label }) => label.length)).toEqual([0, 0, 0])
  })
})
