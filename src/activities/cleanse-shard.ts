import { join } from 'node:path'
import type { RunPlan } from '../plan/run-plan.ts'
import type { ArtifactRef } from '../run/artifact.ts'
import type { WrittenRows } from '../ports/compute-engine.ts'
import type { Services } from '../ports/services.ts'
import type { CleanseCounts, RoleCounts } from '../stages/cleanse/cleanse-counts.ts'
import { compileCleanse } from '../stages/cleanse/compile-cleanse.ts'
import { KNOWN_CUSTOMERS } from '../stages/cleanse/compile-rule.ts'
import { FIX_COLUMNS, NO_FIXES } from '../stages/cleanse/fix-rows.ts'
import type { RoleTally, ShardTally } from '../stages/cleanse/profile.ts'
import type { Attempt } from './attempt.ts'
import { factsOf, fetchRawRoles, openRawRoles, rawRelation } from './cleanse-inputs.ts'
import { cleanseRole } from './cleanse-role.ts'
import type { OutlierBounds } from './plan-cleanse.ts'
import { withSession } from './read-artifact.ts'
import { tallyRows } from './tally-rows.ts'

/** A shard of every role, written to the attempt's scratch. */
export interface CleansedShard {
  readonly files: readonly ({ readonly role: string } & WrittenRows)[]
  readonly counts: CleanseCounts
  readonly tally: ShardTally
}

/** Transactions and customers come first: rows of other roles belong to somebody whom these know. */
export async function cleanseShardRoles(
  services: Services,
  attempt: Attempt,
  plan: RunPlan,
  raw: ArtifactRef,
  shard: number,
  bounds: OutlierBounds,
): Promise<CleansedShard> {
  const roles = await fetchRawRoles(services.store(plan.definition), plan, raw, shard)
  const rowCount = roles.reduce((sum, role) => sum + role.rowCount, 0)
  let rowsDone = 0
  attempt.progress(rowsDone, rowCount)
  const paths = roles.map(({ path }) => path)
  return withSession(services.engine, attempt, paths, async (session) => {
    const columns = await openRawRoles(session, plan, roles)
    await session.execute(`create temp table fixes as ${NO_FIXES}`)
    await session.execute(`create temp table ${KNOWN_CUSTOMERS} (customer_id varchar)`)
    const files: CleansedShard['files'][number][] = []
    const counts: RoleCounts[] = []
    const tallies: Record<string, RoleTally> = {}
    const asksWhoIsKnown = roles.some(({ rules }) => rules.some(({ rule }) => rule.rule === 'unmatched'))
    let population = 0
    for (const one of roles) {
      const { role, fileRole, rules } = one
      const ofRole = columns[role]!
      const compiled = compileCleanse(rules, rawRelation(role), ofRole, factsOf(plan, one, bounds[role] ?? {}))
      const input = {
        columns: ofRole,
        rowCount: one.rowCount,
        where: `shard ${shard}`,
        scratchPath: attempt.scratchPath,
      }
      const cleansed = await cleanseRole(session, compiled, input)
      const rejectsRole = fileRole === 'rows' ? 'rejects' : `rejects_${fileRole}`
      files.push({ role: fileRole, ...cleansed.clean }, { role: rejectsRole, ...cleansed.rejects })
      counts.push(cleansed.counts)
      if (asksWhoIsKnown && (role === 'transactions' || role === 'customers'))
        await session.execute(
          `insert into ${KNOWN_CUSTOMERS} select distinct customer_id from judged where __verdict is null`,
        )
      await session.execute('drop table judged')
      tallies[role] = await tallyRows(session, cleansed.clean.localPath, cleansed.counts.customers)
      if (role === populationRole(plan)) population = cleansed.buyers
      rowsDone += one.rowCount
      attempt.progress(rowsDone, rowCount)
    }
    const fixes = await session.writeParquet(
      'from fixes',
      FIX_COLUMNS.join(', '),
      join(attempt.scratchPath, 'fixes.parquet'),
    )
    files.push({ role: 'fixes', ...fixes })
    return { files, counts: { roles: counts, population }, tally: { roles: tallies } }
  })
}

function populationRole(plan: RunPlan): 'transactions' | 'customers' {
  const { population, transactions } = plan.definition.pipeline.extract
  return population ?? (transactions === undefined ? 'customers' : 'transactions')
}
