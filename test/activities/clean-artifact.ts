import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Attempt } from '../../src/activities/attempt.ts'
import { putDocument } from '../../src/activities/read-document.ts'
import { StageArtifact } from '../../src/activities/stage-artifact.ts'
import type { RunPlan } from '../../src/plan/run-plan.ts'
import type { ArtifactRef } from '../../src/run/artifact.ts'
import { fileRoleOf } from '../../src/stages/extract/config.ts'
import type { DataRole } from '../../src/run/data-roles.ts'
import type { StageBench } from './stage-bench.ts'

/** Clean rows by role, as SQL without bucket; transactions have is_return. */
export type CleanRows = Readonly<Partial<Record<DataRole, string>>>

/** Commits a clean artifact as cleansing leaves it: a file a shard and role, and the levels of its text columns. */
export async function commitClean(
  bench: StageBench,
  plan: RunPlan,
  rows: CleanRows,
  shardCount: number,
): Promise<ArtifactRef> {
  const { extract } = plan.definition.pipeline
  const artifact = new StageArtifact(bench.services.store(plan.definition), plan, {
    stage: 'cleanse',
    stageVersion: 1,
    config: rows,
    reads: [],
    shardCount,
  })
  const scratchPath = await mkdtemp(join(tmpdir(), 'resegment-clean-'))
  const session = await bench.services.engine.open({ scratchPath })
  try {
    const files = []
    const profile: Record<string, { columns: Record<string, { levels: unknown }> }> = {}
    for (const [role, sql] of Object.entries(rows) as [DataRole, string][]) {
      await session.execute(
        `create table ${role} as select cast(md5_number_lower(customer_id) % 256 as integer) as bucket, * from (${sql})`,
      )
      const described = await session.rows(`describe ${role}`)
      const columns: Record<string, { levels: unknown }> = {}
      for (const { column_name: name, column_type: type } of described)
        if (type === 'VARCHAR')
          columns[String(name)] = {
            levels: await session.rows(
              `select "${String(name)}" as value, count(*) as rows from ${role} where "${String(name)}" is not null group by all order by rows desc, value`,
            ),
          }
      profile[role] = { columns }
      const order = ['bucket', 'customer_id', ...described.map((row) => String(row.column_name))]
      for (let shard = 0; shard < shardCount; shard++) {
        const written = await session.writeParquet(
          `select * from ${role} where bucket * ${shardCount} // 256 = ${shard}`,
          [...new Set(order)].join(', '),
          join(scratchPath, `${role}-${shard}.parquet`),
        )
        files.push(
          await artifact.putFile({ role: fileRoleOf(extract, role), shard, extension: '.parquet', ...written }),
        )
      }
    }
    files.push(await putDocument(artifact, { scratchPath } as Attempt, 'profile', { roles: profile }))
    const population = extract.population ?? (extract.transactions === undefined ? 'customers' : 'transactions')
    const [counted] = await session.rows(
      `select count(distinct customer_id) as customers from ${population} ${population === 'transactions' ? 'where not is_return' : ''}`,
    )
    return await artifact.commit(files, { customers: counted!.customers })
  } finally {
    await session.close()
    await rm(scratchPath, { recursive: true, force: true })
  }
}
