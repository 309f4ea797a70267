import { describe, expect, it } from 'vitest'
import { histogramEdges, transformedEdges } from '../../../src/stages/features/histogram-edges.ts'

// Expected values by hand.
describe('the bars of a histogram', () => {
  it('are 16 of equal width', () => {
    expect(histogramEdges('money', -8, 24)).toEqual([-8, -6, -4, -2, 0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24])
  })

  it('of whole numbers hold equally many of them, and at most 16 there are', () => {
    expect(histogramEdges('count', 1, 4)).toEqual([0.5, 1.5, 2.5, 3.5, 4.5])
    // 33 numbers from 0 to 32: three a bar, eleven bars.
    expect(histogramEdges('count', 0, 32)).toEqual([
      -0.5, 2.5, 5.5, 8.5, 11.5, 14.5, 17.5, 20.5, 23.5, 26.5, 29.5, 32.5,
    ])
    expect(histogramEdges('boolean', 0, 1)).toEqual([-0.5, 0.5, 1.5])
  })

  it('are none where all values are the same or one is infinite', () => {
    expect(histogramEdges('money', 3, 3)).toBeNull()
    expect(histogramEdges('money', 3, Infinity)).toBeNull()
    expect(transformedEdges({ lower: 3, upper: 3, transform: 'log1p', power: null })).toBeNull()
  })

  it('are equally wide after a transform', () => {
    // log1p of e^16 − 1 is 16: edges lie at e^i − 1.
    const upper = Math.expm1(16)
    const edges = transformedEdges({ lower: 0, upper, transform: 'log1p', power: null })!
    edges.forEach((edge, index) => expect(edge / Math.max(1, Math.expm1(index))).toBeCloseTo(index === 0 ? 0 : 1, 9))
    // Power 2 of 0 and 3 is 0 and 7.5; the middle, 3.75, is that of √8.5 − 1.
    const power = transformedEdges({ lower: 0, upper: 3, transform: 'yeoJohnson', power: 2 })!
    expect(power[8]).toBeCloseTo(Math.sqrt(8.5) - 1, 12)
    expect(transformedEdges({ lower: 0, upper: 3, transform: 'none', power: null })).toBeNull()
  })
})
