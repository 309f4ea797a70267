import { join } from 'node:path'
import type { Manifest } from '../run/artifact.ts'
import { notableLineage } from '../run/lineage.ts'
import { summarizeMoves } from '../run/moves.ts'
import type { ComputeSession } from '../ports/compute-engine.ts'
import { compileRows, CUSTOMER_ORDER, LOST } from '../stages/validate/sql.ts'
import { REJECTED_ORDER, REJECTED_STATED } from '../stages/validate/stated-overrides.ts'
import type { ValidationOutput } from './activities.ts'
import type { Attempt } from './attempt.ts'
import { writeCircumstances, type Circumstances } from './circumstances.ts'
import { contentOf } from './artifact-content.ts'
import { type ComparedValidation, putComparison } from './put-comparison.ts'
import { writeDocument } from './read-document.ts'
import type { StageArtifact } from './stage-artifact.ts'
import { writeSketch } from './write-sketch.ts'

/** Summary of the artifact `validate`: what the workflow needs of the document. */
export type ValidationSummary = Pick<
  ValidationOutput,
  | 'verdict'
  | 'checks'
  | 'segments'
  | 'customers'
  | 'panel'
  | 'moved'
  | 'moves'
  | 'lineage'
  | 'remarks'
  | 'canUseLiveModel'
  | 'sample'
> & {
  /** Digest in the address of the features: depends on the number of shards, so that no document has it. */
  readonly featuresDigest: string
}

/**
 * Commits the document and the final rows, which table `resolved` of the session holds.
 *
 * @param hasStated table `judged` holds what became of the rows of role `overrides`
 */
export async function commitValidation(
  session: ComputeSession,
  artifact: StageArtifact,
  attempt: Attempt,
  compared: Omit<ComparedValidation, 'digest'> & {
    readonly shardCount: number
    readonly hasStated: boolean
    readonly featuresDigest: string
    /** For those who look up later what is known of a member. */
    readonly featuresUri: string
    readonly made: Pick<Circumstances, 'refs' | 'fitted'>
  },
): Promise<Manifest> {
  const { validation, plan, state, shardCount, hasStated, featuresDigest, featuresUri, made } = compared
  const written = [await writeDocument(attempt, 'validation', validation)]
  for (let shard = 0; shard < shardCount; shard++) {
    const localPath = join(attempt.scratchPath, `rows-${shard}.parquet`)
    const rows = await session.writeParquet(compileRows(shard, shardCount), CUSTOMER_ORDER, localPath)
    written.push({ role: 'rows', shard, extension: '.parquet', ...rows })
  }
  const lost = await session.writeParquet(LOST, CUSTOMER_ORDER, join(attempt.scratchPath, 'lost.parquet'))
  written.push({ role: 'lost', shard: 0, extension: '.parquet', ...lost })
  if (hasStated) {
    const path = join(attempt.scratchPath, 'rejects_overrides.parquet')
    const rejects = await session.writeParquet(REJECTED_STATED, REJECTED_ORDER, path)
    written.push({ role: 'rejects_overrides', shard: 0, extension: '.parquet', ...rejects })
  }
  if (!plan.options.dryRun && !plan.verifies)
    written.push(...(await writeCircumstances(session, attempt, { plan, state, shardCount, ...made })))
  if (!plan.verifies) written.push(await writeSketch(session, attempt, { plan, state, validation }))
  const kept = await artifact.putFiles(written)
  const pages = await putComparison(artifact, attempt, { ...compared, digest: contentOf(kept).contentDigest })
  const { verdict, customers, panel, moved, remarks, canUseLiveModel, sample } = validation
  // What gates saw of each segment is in the document: the summary crosses Temporal.
  const checks = validation.checks.map(({ seen: _, ...check }) => check)
  const segments = validation.segments.map(({ segmentKey, name, customers, share }) => ({
    segmentKey,
    name,
    customers,
    share,
  }))
  const names = new Map([...state.segments, ...segments].map(({ segmentKey, name }) => [segmentKey, name]))
  const moves = moved === null ? null : summarizeMoves(validation.transitions, (key) => names.get(key) ?? key)
  const lineage = notableLineage(validation.lineage)
  const told = { verdict, checks, segments, customers, panel, moved, moves, lineage, remarks }
  const summary: ValidationSummary = { ...told, canUseLiveModel, featuresDigest, ...(sample && { sample }) }
  attempt.reached('before-commit')
  const committed = await artifact.commitWhole([...kept, ...pages], { ...summary, featuresUri })
  attempt.reached('after-commit')
  return committed
}
