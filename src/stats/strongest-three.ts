/** For each row an index, −1 where there is none, and its value; NaN where there is none. */
export interface RankColumn {
  readonly label: Int32Array
  readonly size: Float64Array
}

/** The three largest positive values of each row, with their indices; among equals the lower index comes first. */
export class StrongestThree {
  private readonly ranks: readonly [RankColumn, RankColumn, RankColumn]

  constructor(rowCount: number) {
    const column = (): RankColumn => ({
      label: new Int32Array(rowCount).fill(-1),
      size: new Float64Array(rowCount).fill(NaN),
    })
    this.ranks = [column(), column(), column()]
  }

  /** Largest first. */
  get columns(): readonly RankColumn[] {
    return this.ranks
  }

  /** @param values of the row, by index */
  keep(row: number, values: Float64Array): void {
    let first = -1
    let second = -1
    let third = -1
    let firstValue = 0
    let secondValue = 0
    let thirdValue = 0
    for (let index = 0; index < values.length; index++) {
      const value = values[index]!
      if (!(value > thirdValue)) continue
      if (value > secondValue) {
        third = second
        thirdValue = secondValue
        if (value > firstValue) {
          second = first
          secondValue = firstValue
          first = index
          firstValue = value
        } else {
          second = index
          secondValue = value
        }
      } else {
        third = index
        thirdValue = value
      }
    }
    if (first < 0) return
    this.write(0, row, first, firstValue)
    if (second < 0) return
    this.write(1, row, second, secondValue)
    if (third < 0) return
    this.write(2, row, third, thirdValue)
  }

  private write(rank: 0 | 1 | 2, row: number, index: number, value: number): void {
    this.ranks[rank].label[row] = index
    this.ranks[rank].size[row] = value
  }
}
