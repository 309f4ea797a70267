import type { ComputeSession } from '../ports/compute-engine.ts'
import type { KernelPool } from '../ports/kernel-pool.ts'
import { readParquet } from '../sql/sql-text.ts'
import { compileSample } from '../stages/cluster/sql.ts'
import { peerColumns } from '../stages/features/catalogue/entry.ts'
import type { FeatureSpec } from '../stages/features/config.ts'
import {
  FITTED_CUSTOMERS,
  fitTaskOf,
  forecastFigures,
  historiesOf,
  historyNames,
} from '../stages/features/forecast-feature.ts'
import type { MadeFeature } from '../stages/features/made-feature.ts'
import { fitPeers } from '../stages/features/peer-gap.ts'
import type { PeerBenchmarks } from '../stages/features/peer-gap.ts'
import { entryOf } from '../stages/features/resolve-features.ts'
import { ROWS_AT_A_TIME } from './coordinates.ts'
import type { FeatureRows } from './feature-rows.ts'

/** Finds the figures over all customers that features are made by. Features that are fitted alike have one fit. */
export async function fitMadeFeatures(
  session: ComputeSession,
  kernels: KernelPool,
  signal: AbortSignal,
  rows: FeatureRows,
  paths: readonly string[],
  specs: readonly FeatureSpec[],
): Promise<readonly MadeFeature[]> {
  const fits = new Map<string, ReturnType<typeof fitForecast>>()
  const fitForecast = async (spec: FeatureSpec) => {
    const { columns } = await session.columns(compileSample(readParquet(paths), historyNames, FITTED_CUSTOMERS))
    return kernels.calculate('fitRepeatBuying', [{ ...fitTaskOf(spec), histories: historiesOf(columns) }], signal)
  }
  const made: MadeFeature[] = []
  for (const spec of specs) {
    const named = { name: spec.column, feature: spec.feature }
    if (entryOf(spec).madeBy === 'peers') {
      made.push({ ...named, by: { kind: 'peers', peers: await fitBenchmarks(rows, spec) } })
      continue
    }
    const key = JSON.stringify(fitTaskOf(spec))
    const fit = fits.get(key) ?? fitForecast(spec)
    fits.set(key, fit)
    made.push({ ...named, by: forecastFigures(spec, await fit) })
  }
  return made
}

/** Texts are in memory a piece at a time. */
async function fitBenchmarks(rows: FeatureRows, { column, settings }: FeatureSpec): Promise<PeerBenchmarks> {
  const { spend, category } = peerColumns(column)
  const spent = await rows.numbers(spend)
  const codes = new Int32Array(spent.length)
  const known = new Map<string, number>()
  let from = 0
  for (const range of rows.ranges(ROWS_AT_A_TIME)) {
    const categories = (await rows.buckets([category], range))[category] as readonly (string | null)[]
    categories.forEach((name, row) => {
      if (name !== null && !known.has(name)) known.set(name, known.size)
      codes[from + row] = name === null ? -1 : known.get(name)!
    })
    from += categories.length
  }
  return fitPeers(spent, codes, [...known.keys()], Number(settings.minPeers))
}
