import { windowStart } from '../plan/windows.ts'
import type { RunPlan } from '../plan/run-plan.ts'
import type { ArtifactRef } from '../run/artifact.ts'
import type { ArtifactStore } from '../ports/artifact-store.ts'
import type { ComputeSession } from '../ports/compute-engine.ts'
import type { RuleFacts } from '../stages/cleanse/compiled-rule.ts'
import { testCustomersTable } from '../stages/cleanse/compile-rule.ts'
import { userCondition } from '../stages/cleanse/rule-conditions.ts'
import { nameRules, ruleRole } from '../stages/cleanse/name-rules.ts'
import type { NamedRule } from '../stages/cleanse/name-rules.ts'
import { placedRows } from '../stages/cleanse/raw-columns.ts'
import type { RawColumn } from '../stages/cleanse/raw-columns.ts'
import type { Bounds } from '../stages/cleanse/rule-bounds.ts'
import { fileRoleOf, primaryRole } from '../stages/extract/config.ts'
import { carriedRoles } from '../run/data-roles.ts'
import type { CarriedRole } from '../run/data-roles.ts'
import { tryCondition } from './cleanse-role.ts'
import { quoteText } from '../sql/sql-text.ts'
import { describeColumns, fetchRows } from './read-artifact.ts'

/** One role of a shard of the raw artifact on the worker's disk, and what is to be done with it. */
export interface RawRole {
  readonly role: CarriedRole
  readonly fileRole: string
  readonly path: string
  readonly rowCount: number
  readonly rules: readonly NamedRule[]
}

/** Roles of the pipeline, those of customers first: rules of the others ask who is known. */
export function rolesOf({ definition }: RunPlan): readonly CarriedRole[] {
  return carriedRoles.filter((role) => definition.pipeline.extract[role] !== undefined)
}

export async function fetchRawRoles(
  store: ArtifactStore,
  plan: RunPlan,
  raw: ArtifactRef,
  shard: number,
): Promise<readonly RawRole[]> {
  const { extract, cleanse } = plan.definition.pipeline
  return Promise.all(
    rolesOf(plan).map(async (role) => {
      const fileRole = fileRoleOf(extract, role)
      const rows = await fetchRows(store, raw, shard, fileRole)
      return { role, fileRole, ...rows, rules: nameRules(cleanse, role, primaryRole(extract)) }
    }),
  )
}

/** Name of the relation of a role's raw rows in the session. */
export function rawRelation(role: CarriedRole): string {
  return `raw_${role}`
}

/** Makes the raw rows of the roles visible, and finds the test customers among them. */
export async function openRawRoles(
  session: ComputeSession,
  plan: RunPlan,
  roles: readonly RawRole[],
): Promise<Readonly<Partial<Record<CarriedRole, readonly RawColumn[]>>>> {
  const { extract, cleanse } = plan.definition.pipeline
  const columns: Partial<Record<CarriedRole, readonly RawColumn[]>> = {}
  for (const { role, path } of roles) {
    await session.execute(`create or replace view ${rawRelation(role)} as ${placedRows(quoteText(path))}`)
    columns[role] = await describeColumns(session, rawRelation(role))
  }
  for (const [position, rule] of cleanse.entries()) {
    if (rule.rule !== 'testCustomers' || !rule.when) continue
    const role = ruleRole(rule, primaryRole(extract))
    const condition = userCondition(rule.when.sql)
    await tryCondition(session, rule.rule, condition, rawRelation(role), columns[role] ?? [])
    await session.execute(
      `create or replace temp table ${testCustomersTable(position)} as select distinct customer_id from ${rawRelation(role)} where customer_id is not null and ${condition}`,
    )
  }
  return columns
}

/** @param bounds of the outliers rules of the role */
export function factsOf(
  plan: RunPlan,
  { role, rules }: RawRole,
  bounds: Readonly<Record<string, Bounds>>,
): Omit<RuleFacts, 'keepsUnreadable'> {
  const spans = rules.flatMap(({ rule }) => (rule.rule === 'stale' ? [rule.olderThan] : []))
  const starts = spans.map((span) => [span, windowStart(plan.asOf, span, plan.timezone)])
  return { role, asOf: plan.asOf, staleBefore: Object.fromEntries(starts) as Record<string, string>, bounds }
}
