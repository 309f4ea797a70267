import { join } from 'node:path'
import type { ArtifactRef } from '../run/artifact.ts'
import type { RunPlan } from '../plan/run-plan.ts'
import type { ComputeSession } from '../ports/compute-engine.ts'
import type { Services } from '../ports/services.ts'
import type { DataQualityRow } from '../stages/validate/validation.ts'
import { addCounts, assertReconciled, judgeCounts, readCounts } from '../stages/cleanse/cleanse-counts.ts'
import type { CleanseCounts } from '../stages/cleanse/cleanse-counts.ts'
import { CLEANSE_VERSION, compileCleanse } from '../stages/cleanse/compile-cleanse.ts'
import type { CompiledCleanse } from '../stages/cleanse/compile-cleanse.ts'
import { explainCondition } from '../stages/cleanse/condition-refused.ts'
import { nameRules } from '../stages/cleanse/name-rules.ts'
import type { RawColumn } from '../stages/cleanse/raw-columns.ts'
import { readParquet } from '../sql/sql-text.ts'
import type { Activities, StageOutput, Unmeasured } from './activities.ts'
import { attempt, finishingAttempt } from './attempt.ts'
import { describeColumns, fetchRows, withSession } from './read-artifact.ts'
import { referTo, StageArtifact } from './stage-artifact.ts'

/** Summary of the artifact `clean`. */
export interface CleanseSummary {
  readonly rowsIn: number
  readonly rowsOut: number
  readonly rejected: number
  readonly customers: number
  readonly dataQuality: readonly DataQualityRow[]
}

export function makeCleanseActivities(services: Services): Pick<Activities, 'cleanseShard' | 'cleanseCustomers'> {
  const artifactOf = (plan: RunPlan, raw: ArtifactRef, shardCount: number): StageArtifact =>
    new StageArtifact(services.store(plan.definition), plan, {
      stage: 'cleanse',
      stageVersion: CLEANSE_VERSION,
      config: plan.definition.pipeline.cleanse,
      reads: [raw.contentDigest],
      shardCount,
    })
  return {
    cleanseShard: (plan, raw, shard, shardCount) =>
      attempt(services, plan.definition, async (attempt) => {
        const artifact = artifactOf(plan, raw, shardCount)
        if (await artifact.existingPart(shard)) return
        const source = await fetchRows(services.store(plan.definition), raw, shard)
        attempt.progress(0, source.rowCount)
        await withSession(services.engine, attempt, [source.path], async (session) => {
          await session.execute(`create view raw as select * from ${readParquet([source.path])}`)
          const columns = await describeColumns(session, 'raw')
          const compiled = compileCleanse(nameRules(plan.definition.pipeline.cleanse), columns)
          await judgeRows(session, compiled, columns)
          const [counts] = await session.rows(compiled.counts)
          const summary = readCounts(compiled.rules, counts!, await session.rows(compiled.reasons))
          const clean = await session.writeParquet(
            compiled.clean.query,
            compiled.clean.orderBy,
            join(attempt.scratchPath, 'clean.parquet'),
          )
          attempt.progress(clean.rows.rowCount, source.rowCount)
          const rejects = await session.writeParquet(
            compiled.rejects.query,
            compiled.rejects.orderBy,
            join(attempt.scratchPath, 'rejects.parquet'),
          )
          attempt.progress(source.rowCount, source.rowCount)
          // What counts is what is in the files.
          const written = { ...summary, rowsOut: clean.rows.rowCount, rejected: rejects.rows.rowCount }
          assertReconciled(written, source.rowCount, `shard ${shard}`)
          assertReconciled(summary, source.rowCount, `shard ${shard}`)
          const files = [
            await artifact.putFile({ role: 'rows', shard, extension: '.parquet', ...clean }),
            await artifact.putFile({ role: 'rejects', shard, extension: '.parquet', ...rejects }),
          ]
          attempt.reached('before-commit')
          await artifact.commitPart(shard, files, { ...written })
          attempt.reached('after-commit')
        })
      }),

    cleanseCustomers: (plan, raw, shardCount) =>
      finishingAttempt(services, plan.definition, async (attempt) => {
        const artifact = artifactOf(plan, raw, shardCount)
        const existing = await artifact.existing()
        if (existing) return outputOf(referTo(artifact.uri, existing), existing.summary as unknown as CleanseSummary)
        const parts = await artifact.parts(shardCount)
        const counts = addCounts(parts.map((part) => part.summary as unknown as CleanseCounts))
        assertReconciled(counts, raw.rowCount, 'all shards')
        judgeCounts(counts)
        const summary = summaryOf(counts, plan.definition.pipeline.extract.transactions)
        attempt.reached('before-commit')
        const ref = await artifact.commit(
          parts.flatMap((part) => part.files),
          { ...summary },
        )
        attempt.reached('after-commit')
        return outputOf(ref, summary)
      }),
  }
}

/** Makes table `judged`; the rules' own SQL is tried one by one first, so that a message can name the rule. */
async function judgeRows(
  session: ComputeSession,
  compiled: CompiledCleanse,
  columns: readonly RawColumn[],
): Promise<void> {
  const probed = compiled.rules.flatMap(({ name, probe }) => (probe ? [{ name, probe }] : []))
  for (const { name, probe } of probed)
    await session.rows(probe).catch((error: unknown) => {
      throw explainCondition(error, [name], columns)
    })
  await session.execute(`create temp table judged as ${compiled.judged}`).catch((error: unknown) => {
    throw explainCondition(
      error,
      probed.map(({ name }) => name),
      columns,
    )
  })
}

function summaryOf(counts: CleanseCounts, source: string): CleanseSummary {
  const { rowsIn, rowsOut, rejected, customers, rules } = counts
  const dataQuality = rules.map(({ name, action, matched, rejected: rejectedByRule }) => {
    return { source, rule: name, action, matched, rejected: rejectedByRule, rowsIn }
  })
  return { rowsIn, rowsOut, rejected, customers, dataQuality }
}

function outputOf(ref: ArtifactRef, { rowsIn, rowsOut, rejected }: CleanseSummary): Unmeasured<StageOutput> {
  return { ref, counts: { stage: 'cleanse', rowsIn, rowsOut, rejected } }
}
