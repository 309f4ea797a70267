import { describe, expect, it } from 'vitest'
import { distinctRows } from '../../src/stats/distinct-rows.ts'
import { silhouetteWidths } from '../../src/stats/silhouette.ts'

const widthsOf = (values: Float64Array, labels: Int32Array, clusterCount: number, start: number, end: number) =>
  silhouetteWidths(values, 1, [{ labels, clusterCount }], start, end)[0]!

describe('silhouetteWidths', () => {
  const line = Float64Array.of(0, 1, 10, 12, 30)

  it('compares the own cluster with the nearest other one (by hand)', () => {
    const widths = widthsOf(line, Int32Array.of(0, 0, 1, 1, 2), 3, 0, 5)
    // Row 0: own 1, others 11 and 30. Row 2: own 2, others 9.5 and 20. Row 4 is alone.
    expect([...widths]).toEqual([(11 - 1) / 11, (10 - 1) / 10, (9.5 - 2) / 9.5, (11.5 - 2) / 11.5, 0])
  })

  it('computes pieces that put together are the whole', () => {
    const labels = Int32Array.of(0, 0, 1, 1, 2)
    const whole = widthsOf(line, labels, 3, 0, 5)
    const pieces = [widthsOf(line, labels, 3, 0, 2), widthsOf(line, labels, 3, 2, 5)]
    expect(pieces.flatMap((piece) => [...piece])).toEqual([...whole])
  })

  it('computes several partitions as if each were alone', () => {
    const partitions = [
      { labels: Int32Array.of(0, 0, 1, 1, 2), clusterCount: 3 },
      { labels: Int32Array.of(0, 0, 0, 1, 1), clusterCount: 2 },
    ]
    expect(silhouetteWidths(line, 1, partitions, 1, 4)).toEqual(
      partitions.map(({ labels, clusterCount }) => widthsOf(line, labels, clusterCount, 1, 4)),
    )
  })

  it('is 0 when one cluster has all rows, also beside empty clusters, and for rows that are all the same', () => {
    expect([...widthsOf(line, new Int32Array(5), 3, 0, 5)]).toEqual([0, 0, 0, 0, 0])
    expect([...widthsOf(Float64Array.of(1, 1, 1, 1), Int32Array.of(0, 0, 1, 1), 2, 0, 4)]).toEqual([0, 0, 0, 0])
  })
})

describe('distinctRows', () => {
  it('gives the first of equal rows, in order, up to the limit', () => {
    const values = Float64Array.of(1, 2, 1, 2, 2, 1, 1, 2, 0, 0)
    expect(distinctRows(values, 2, 10)).toEqual([0, 2, 4])
    expect(distinctRows(values, 2, 2)).toEqual([0, 2])
    expect(distinctRows(new Float64Array(), 2, 2)).toEqual([])
  })
})
