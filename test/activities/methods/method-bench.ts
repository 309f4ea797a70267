import type { FitInput, ModelOf, Placement } from '../../../src/activities/methods/method.ts'
import { methodOf } from '../../../src/activities/methods/methods.ts'
import type { ColumnTable } from '../../../src/ports/compute-engine.ts'
import type { KernelPool } from '../../../src/ports/kernel-pool.ts'
import { clusterConfig } from '../../../src/stages/cluster/config.ts'
import type { MethodName } from '../../../src/stages/cluster/config.ts'
import { IN_SILHOUETTE } from '../../../src/stages/cluster/sql.ts'
import { featuresConfig } from '../../../src/stages/features/config.ts'
import { fitCategory } from '../../../src/stages/features/fit-category.ts'
import { fitNumber } from '../../../src/stages/features/fit-number.ts'
import { resolveFeatures } from '../../../src/stages/features/resolve-features.ts'
import type { FittedTransforms } from '../../../src/stages/features/transform.ts'
import { uniformDraws } from '../../../src/stats/uniform-draws.ts'

/** Customers as the engine reads them, and their fitted features: country (a category), monetary and recency. */
export interface MethodCustomers {
  readonly table: ColumnTable
  readonly features: FittedTransforms
}

export function customersFrom(
  country: readonly (string | null)[],
  monetary: Float64Array,
  recency: Float64Array,
): MethodCustomers {
  const rowCount = country.length
  const [days, spend, land] = resolveFeatures(
    featuresConfig.parse([{ recency: { transform: 'none' } }, { monetary: { transform: 'none' } }, 'country']),
  )
  const buckets = new Int32Array(rowCount)
  const counts = [...Map.groupBy(country, (value) => value)].map(([value, { length }]) => ({ value, count: length }))
  const features = [
    fitCategory(counts, land!),
    fitNumber(monetary, buckets, spend!),
    fitNumber(recency, buckets, days!),
  ]
  const judged = new Int32Array(rowCount).fill(1)
  return {
    table: { rowCount, columns: { country: [...country], monetary, recency, [IN_SILHOUETTE]: judged } },
    features: { features, dropped: [] },
  }
}

/** Customers of four kinds with noise, in the order (bucket, customer_id). */
export function fourKinds(rowCount: number, spendScale = 1): MethodCustomers {
  const draw = uniformDraws(17)
  const kinds = Array.from({ length: rowCount }, () => Math.floor(4 * draw()))
  const noisy = (means: readonly number[]): Float64Array =>
    Float64Array.from(kinds, (kind) => means[kind]! + 3 * (draw() + draw() + draw() - 1.5))
  const country = kinds.map((kind) => (draw() < 0.1 ? null : draw() < 0.8 ? ['DE', 'AT', 'AT', 'CH'][kind]! : 'CH'))
  const monetary = noisy([5, 20, 40, 45]).map((value) => value * spendScale)
  return customersFrom(country, monetary, noisy([30, 6, 22, 14]))
}

/** Fits the method of a config without an engine; the model as its document keeps it. */
export async function fitMethod(
  settings: unknown,
  { table, features }: MethodCustomers,
  kernels: KernelPool,
): Promise<ModelOf<MethodName>> {
  const config = clusterConfig.parse(settings)
  const input = {
    ...{ config, relation: 'customers', customerCount: table.rowCount, features, live: null, kernels },
    session: { columns: () => Promise.resolve(table) },
    attempt: { signal: new AbortController().signal, progress: () => undefined },
  } as unknown as FitInput<never>
  return JSON.parse(JSON.stringify(await methodOf(config.method).fit(input))) as ModelOf<MethodName>
}

export function placeBy(model: ModelOf<MethodName>, table: ColumnTable, kernels: KernelPool): Promise<Placement> {
  return methodOf(model.method).place(table, model, { kernels, signal: new AbortController().signal })
}
