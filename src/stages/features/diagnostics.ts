import type { FeatureSpec } from './config.ts'
import { entryOf } from './resolve-features.ts'

/** The result of the `sums` query: whole numbers as text. */
export type Sums = Readonly<Record<string, string>>
/** Instance → figures about it. */
export type Diagnostics = Readonly<Record<string, Readonly<Record<string, number>>>>

/** Shards share no customer, so everything adds up, exactly. */
export function addSums(shards: readonly Sums[]): Sums {
  const totals: Record<string, bigint> = {}
  for (const shard of shards)
    for (const [name, value] of Object.entries(shard)) totals[name] = (totals[name] ?? 0n) + BigInt(value)
  return Object.fromEntries(Object.entries(totals).map(([name, total]) => [name, String(total)]))
}

/** What entries say of their features as a whole. */
export function diagnose(specs: readonly FeatureSpec[], sums: Sums): Diagnostics {
  const figures = specs.flatMap((spec, index) => {
    const own = Object.entries(sums).filter(([name]) => name.startsWith(`${index}_`))
    const diagnosed = entryOf(spec).diagnose?.(
      Object.fromEntries(own.map(([name, value]) => [name.slice(`${index}_`.length), Number(value)])),
    )
    return diagnosed ? [[spec.column, diagnosed] as const] : []
  })
  return Object.fromEntries(figures)
}
