import { peerColumns } from '../stages/features/catalogue/entry.ts'
import type { FeatureSpec } from '../stages/features/config.ts'
import { fitNumber } from '../stages/features/fit-number.ts'
import { fitPeers, gapToPeers } from '../stages/features/peer-gap.ts'
import type { FittedNumber } from '../stages/features/transform.ts'
import type { FeatureRows } from './feature-rows.ts'
import { ROWS_AT_A_TIME } from './coordinates.ts'

/** Finds the benchmarks over all customers, and fits the gaps to them as any number. Texts are in memory a piece at a time. */
export async function fitGap(rows: FeatureRows, buckets: Int32Array, spec: FeatureSpec): Promise<FittedNumber> {
  const { spend, category } = peerColumns(spec.column)
  const spent = await rows.numbers(spend)
  const codes = new Int32Array(spent.length)
  const known = new Map<string, number>()
  const eachPiece = async (take: (categories: readonly (string | null)[], from: number) => void): Promise<void> => {
    let from = 0
    for (const range of rows.ranges(ROWS_AT_A_TIME)) {
      const categories = (await rows.buckets([category], range))[category] as readonly (string | null)[]
      take(categories, from)
      from += categories.length
    }
  }
  await eachPiece((categories, from) =>
    categories.forEach((name, row) => {
      if (name !== null && !known.has(name)) known.set(name, known.size)
      codes[from + row] = name === null ? -1 : known.get(name)!
    }),
  )
  const peers = fitPeers(spent, codes, [...known.keys()], Number(spec.settings.minPeers))
  const gaps = new Float64Array(spent.length)
  await eachPiece((categories, from) =>
    gaps.set(gapToPeers(spent.subarray(from, from + categories.length), categories, peers), from),
  )
  return { ...fitNumber(gaps, buckets, spec), peers }
}
