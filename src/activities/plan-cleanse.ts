import type { RunPlan } from '../plan/run-plan.ts'
import type { ArtifactRef } from '../run/artifact.ts'
import type { ComputeSession } from '../ports/compute-engine.ts'
import type { Services } from '../ports/services.ts'
import { compileBounds, compileHistogram, HISTOGRAM, plannedOutliers } from '../stages/cleanse/outlier-bounds.ts'
import type { PlannedOutliers } from '../stages/cleanse/outlier-bounds.ts'
import type { Bounds } from '../stages/cleanse/rule-bounds.ts'
import type { Attempt } from './attempt.ts'
import { factsOf, fetchRawRoles, openRawRoles, rawRelation } from './cleanse-inputs.ts'
import type { RawRole } from './cleanse-inputs.ts'
import { judge } from './cleanse-role.ts'
import { withSession } from './read-artifact.ts'

/** Role → outliers rule → its bounds. */
export type OutlierBounds = Readonly<Record<string, Readonly<Record<string, Bounds>>>>

/** The bounds of the pipeline's outliers rules, over all shards, one rule and one shard at a time. */
export async function measureOutliers(
  services: Services,
  attempt: Attempt,
  plan: RunPlan,
  raw: ArtifactRef,
  shardCount: number,
): Promise<OutlierBounds> {
  const store = services.store(plan.definition)
  const shards: (readonly RawRole[])[] = []
  for (let shard = 0; shard < shardCount; shard++) shards.push(await fetchRawRoles(store, plan, raw, shard))
  const paths = shards.flat().map(({ path }) => path)
  const steps = shardCount * shards[0]!.reduce((sum, { rules }) => sum + plannedOutliers(rules).length, 0)
  let done = 0
  return withSession(services.engine, attempt, paths, async (session) => {
    const bounds: Record<string, Record<string, Bounds>> = {}
    for (const { role, rules } of shards[0]!)
      for (const planned of plannedOutliers(rules)) {
        for (const [shard, roles] of shards.entries()) {
          await addToHistogram(
            session,
            plan,
            roles,
            roles.find((one) => one.role === role)!,
            planned,
            shard,
          )
          attempt.progress(++done, steps)
        }
        const [found] = await session.rows(compileBounds(planned.rule))
        bounds[role] = { ...bounds[role], [planned.name]: found as unknown as Bounds }
      }
    return bounds
  })
}

async function addToHistogram(
  session: ComputeSession,
  plan: RunPlan,
  roles: readonly RawRole[],
  role: RawRole,
  planned: PlannedOutliers,
  shard: number,
): Promise<void> {
  const columns = (await openRawRoles(session, plan, roles))[role.role]!
  const compiled = compileHistogram(planned, rawRelation(role.role), columns, factsOf(plan, role, {}))
  await judge(session, compiled.judge, columns)
  const into = shard === 0 ? `create or replace temp table ${HISTOGRAM} as` : `insert into ${HISTOGRAM}`
  await session.execute(`${into} ${compiled.histogram}`)
}
