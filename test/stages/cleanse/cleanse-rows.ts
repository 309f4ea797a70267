import type { ComputeSession } from '../../../src/ports/compute-engine.ts'
import { readCounts } from '../../../src/stages/cleanse/cleanse-counts.ts'
import type { CleanseCounts } from '../../../src/stages/cleanse/cleanse-counts.ts'
import { compileCleanse } from '../../../src/stages/cleanse/compile-cleanse.ts'
import type { CompiledCleanse } from '../../../src/stages/cleanse/compile-cleanse.ts'
import { cleanseConfig } from '../../../src/stages/cleanse/config.ts'
import { nameRules } from '../../../src/stages/cleanse/name-rules.ts'

/** Cleanses relation `raw` of the session; `compiled` then reads its table `judged`. */
export async function cleanseRows(
  session: ComputeSession,
  config: readonly unknown[],
): Promise<{ compiled: CompiledCleanse; counts: CleanseCounts }> {
  const described = await session.rows('describe select * from raw')
  const columns = described.map((row) => ({ name: String(row.column_name), type: String(row.column_type) }))
  const compiled = compileCleanse(nameRules(cleanseConfig.parse(config)), columns)
  await session.execute(`create or replace temp table judged as ${compiled.judged}`)
  const [counts] = await session.rows(compiled.counts)
  return { compiled, counts: readCounts(compiled.rules, counts!, await session.rows(compiled.reasons)) }
}

export function ruleOf(counts: CleanseCounts, name: string): { matched: number; rejected: number } {
  const { matched, rejected } = counts.rules.find((rule) => rule.name === name)!
  return { matched, rejected }
}
