import { existsSync, readFileSync } from 'node:fs'
import type { RepeatHistories } from '../../src/stats/beta-geometric.ts'

const FOLDER = '../shared/data/cdnow'

export const haveCdnow = (): boolean => existsSync(FOLDER)

/** The 2,357 customers of the 1/10 sample as Fader and Hardie summarise them, in weeks, with their mean repeat spend. */
export function readCdnow(): RepeatHistories & { readonly means: Float64Array } {
  const lines = readFileSync(`${FOLDER}/cdnow_customers_summary_with_transactions.csv`, 'utf8').trim().split('\n')
  const rows = lines.slice(1).map((line) => line.split(',').map(Number))
  const column = (at: number): Float64Array => Float64Array.from(rows, (row) => row[at]!)
  return { repeats: column(1), lastAges: column(2), ages: column(3), means: column(4) }
}
