import type { ComputeSession } from '../../../src/ports/compute-engine.ts'
import { judge, prepareNetting } from '../../../src/activities/cleanse-role.ts'
import { readCounts } from '../../../src/stages/cleanse/cleanse-counts.ts'
import type { RoleCounts, RuleCounts } from '../../../src/stages/cleanse/cleanse-counts.ts'
import { compileCleanse } from '../../../src/stages/cleanse/compile-cleanse.ts'
import type { CompiledCleanse } from '../../../src/stages/cleanse/compile-cleanse.ts'
import { cleanseConfig } from '../../../src/stages/cleanse/config.ts'
import { nameRules } from '../../../src/stages/cleanse/name-rules.ts'
import {
  compileBounds,
  compileHistogram,
  HISTOGRAM,
  plannedOutliers,
} from '../../../src/stages/cleanse/outlier-bounds.ts'
import type { RawColumn } from '../../../src/stages/cleanse/raw-columns.ts'
import type { Bounds } from '../../../src/stages/cleanse/rule-bounds.ts'
import type { CarriedRole } from '../../../src/run/data-roles.ts'

export interface CleansedRows {
  readonly compiled: CompiledCleanse
  readonly counts: RoleCounts
  readonly bounds: Readonly<Record<string, Bounds>>
}

/** As-of of these tests; `24 months` before it is the first of February 2024. */
const facts = { asOf: '2026-02-01T00:00:00Z', staleBefore: { '24 months': '2024-02-01T00:00:00Z' } }

/** Cleanses table `raw` of the session as rows of a role; `compiled` then reads its table `judged`. */
export async function cleanseRows(
  session: ComputeSession,
  config: readonly unknown[],
  role: CarriedRole = 'transactions',
): Promise<CleansedRows> {
  const columns = await describeRaw(session)
  const named = nameRules(cleanseConfig.parse(config), role, role === 'customers' ? 'customers' : 'transactions')
  const bounds: Record<string, Bounds> = {}
  for (const planned of plannedOutliers(named)) {
    const { judge: before, histogram } = compileHistogram(planned, 'placed', columns, { role, ...facts, bounds })
    await judge(session, before, columns)
    await session.execute(`create or replace temp table ${HISTOGRAM} as ${histogram}`)
    const [found] = await session.rows(compileBounds(planned.rule))
    bounds[planned.name] = found as unknown as Bounds
  }
  const compiled = compileCleanse(named, 'placed', columns, { role, ...facts, bounds })
  await judge(session, compiled, columns)
  if (compiled.netting) await prepareNetting(session, compiled.netting)
  const [found] = await session.rows('select count(distinct customer_id) as n from judged where __verdict is null')
  const counts = readCounts(compiled, {
    counts: await session.rows(compiled.counts),
    reasons: await session.rows(compiled.reasons),
    netted: compiled.netting ? await session.rows(compiled.netting.counts) : [],
    customers: Number(found!.n),
  })
  return { compiled, counts, bounds }
}

/** View `placed`: the rows of table `raw` with a source and their place in total order, as in an artifact. */
async function describeRaw(session: ComputeSession): Promise<readonly RawColumn[]> {
  const there = (await session.rows('describe select * from raw')).map(({ column_name }) => String(column_name))
  const source = there.includes('source_name') ? '' : ", 'lines' as source_name"
  await session.execute(
    `create or replace view placed as select *${source}, row_number() over (order by ${there.map((name) => `"${name}"`).join(', ')}) as __row from raw`,
  )
  return (await session.rows('describe select * from placed')).map((row) => ({
    name: String(row.column_name),
    type: String(row.column_type),
  }))
}

export function ruleOf(counts: RoleCounts, name: string): { matched: number; rejected: number } {
  const { matched, rejected } = ruleCounts(counts, name)
  return { matched, rejected }
}

export function ruleCounts(counts: RoleCounts, name: string): RuleCounts {
  return counts.rules.find((rule) => rule.name === name)!
}

/** Rows of an ordered query as values of some columns, in its order. */
export async function valuesOf(
  session: ComputeSession,
  { query, orderBy }: { query: string; orderBy: string },
  columns: string,
): Promise<readonly unknown[][]> {
  const rows = await session.rows(`select ${columns} from (${query}) order by ${orderBy}`)
  return rows.map((row) => Object.values(row))
}
