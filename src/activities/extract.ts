import { join } from 'node:path'
import { CountsDoNotReconcile } from '../errors/counts-do-not-reconcile.ts'
import { SourceEmpty } from '../errors/source-empty.ts'
import type { NewFile } from '../ports/artifact-store.ts'
import type { Services } from '../ports/services.ts'
import type { ArtifactFile, ArtifactRef, Manifest } from '../run/artifact.ts'
import { fileRoleOf, primaryRole } from '../stages/extract/config.ts'
import type { ExtractSummary } from '../stages/extract/extract-summary.ts'
import { carriedRoles, controlRoles } from '../run/data-roles.ts'
import { decideShardCount, EXTRACT_VERSION, shardOf } from '../stages/extract/shards.ts'
import type { Activities, ExtractOutput, Unmeasured } from './activities.ts'
import { finishingAttempt } from './attempt.ts'
import { findLateSources } from './extract-complete.ts'
import { loadPseudonymPads } from './customer-ids.ts'
import { makeControls } from './extract-controls.ts'
import { prepareRole, type PreparedRole } from './extract-role.ts'
import { connectionsOf, readRoles, usedSources } from './extract-sources.ts'
import { sampleRoles } from './sample-roles.ts'
import { summarise } from './extract-summary.ts'
import { writeUnreadable } from './extract-unreadable.ts'
import { Extraction } from './extraction.ts'
import { oneAtATime } from './one-at-a-time.ts'
import { referTo, StageArtifact } from './stage-artifact.ts'

/** `extract`: sources ⇒ raw. */
export const makeExtractActivities = (services: Services): Pick<Activities, 'extractSources'> => ({
  extractSources: (plan) =>
    finishingAttempt(services, plan.definition, async (attempt) => {
      const { definition } = plan
      const used = usedSources(definition)
      // In the address: who comes onto the list is in no artifact that is found again.
      const suppressed = await services.ledger(definition).suppressed(plan.pipeline)
      const pseudonyms = services.pseudonyms(definition)
      const artifact = new StageArtifact(services.store(definition), plan, {
        stage: 'extract',
        stageVersion: EXTRACT_VERSION,
        config: {
          extract: definition.pipeline.extract,
          sources: Object.fromEntries(used),
          connections: connectionsOf(definition, used),
          sample: plan.options.sample,
          ...(suppressed && { suppressed: suppressed.digest }),
          ...(pseudonyms && { pseudonyms: pseudonyms.fingerprint }),
        },
        reads: [],
        shardCount: 0,
      })
      const existing = await artifact.existing()
      if (existing) return outputOf(referTo(artifact.uri, existing), existing.summary)
      const reader = services.reader(definition)
      const session = await services.engine.open({
        scratchPath: attempt.scratchPath,
        readablePaths: used.flatMap(([, source]) => reader.folders?.(source) ?? []),
        signal: attempt.signal,
      })
      const view = await reader.open(attempt.signal)
      try {
        const extraction = new Extraction(oneAtATime(session), view, plan, attempt)
        const { extract } = definition.pipeline
        const late = await findLateSources(extraction, used)
        const { reads, sources } = await readRoles(extraction, late)
        const ofControls = controlRoles.flatMap((role) =>
          sources.has(role) ? [[role, sources.get(role)!] as const] : [],
        )
        const controls = await makeControls(extraction, new Map(ofControls), {
          list: suppressed,
          rows: carriedRoles.flatMap((role) => (sources.get(role) ?? []).map(({ rows }) => rows)),
        })
        if (pseudonyms) await loadPseudonymPads(session, pseudonyms)
        const prepared: PreparedRole[] = []
        for (const role of carriedRoles)
          if (sources.has(role)) prepared.push(await prepareRole(extraction, role, sources.get(role)!, controls))
        const summaries = [...sources.values()].flat().map(({ summary }) => summary)
        refuseNothing(prepared, summaries, primaryRole(extract), plan.asOf)
        const { roles, sample } = await sampleRoles(extraction, prepared)
        const shardCount = decideShardCount(extract.shards, Math.max(...roles.map(({ rowCount }) => rowCount)))
        const files: ArtifactFile[] = []
        for (const role of roles)
          files.push(...(await writeShards(extraction, artifact, role, fileRoleOf(extract, role.role), shardCount)))
        const summary = await summarise(extraction, { summaries, roles, controls, files, shardCount, sample })
        files.push(...(await writeUnreadable(extraction, artifact, reads)))
        attempt.reached('before-commit')
        const ref = await artifact.commit(files, { ...summary })
        attempt.reached('after-commit')
        return outputOf(ref, { ...summary })
      } finally {
        await view.close()
        await session.close()
      }
    }),
})

/** A run without a single row would publish that every customer is gone. */
function refuseNothing(
  roles: readonly PreparedRole[],
  summaries: ExtractSummary['sources'],
  primary: PreparedRole['role'],
  asOf: string,
): void {
  const role = roles.find((one) => one.role === primary)!
  const { undated, firstAt } = role
  if (role.rowCount > undated) return
  const ofRole = summaries.filter((summary) => summary.role === primary)
  const found = [
    `${ofRole.reduce((sum, { rowsRead }) => sum + rowsRead, 0)} rows in all`,
    ...(undated > 0 ? [`${undated} of them without a readable occurred_at`] : []),
    ...(firstAt === null ? [] : [`the first at ${firstAt} UTC`]),
    ...([...role.leftOut.values()].some((count) => count > 0)
      ? ['those of customers who are left out not counted']
      : []),
  ]
  throw new SourceEmpty(
    `0 rows before ${asOf} in source ${ofRole.map(({ source }) => source).join(', ')} (${found.join(', ')}).`,
    'Run with a later --as-of, or wait until the source is filled and start the next revision.',
  )
}

async function writeShards(
  { session, attempt }: Extraction,
  artifact: StageArtifact,
  { role, query, orderBy, rowCount }: PreparedRole,
  fileRole: string,
  shardCount: number,
): Promise<readonly ArtifactFile[]> {
  const files: NewFile[] = []
  let rowsWritten = 0
  for (let shard = 0; shard < shardCount; shard++) {
    const localPath = join(attempt.scratchPath, `${fileRole}-${shard}.parquet`)
    const written = await session.writeParquet(shardOf(query, shard, shardCount), orderBy, localPath)
    files.push({ role: fileRole, shard, extension: '.parquet', ...written })
    rowsWritten += written.rows.rowCount
    attempt.progress(rowsWritten, rowCount)
  }
  if (rowsWritten !== rowCount)
    throw new CountsDoNotReconcile(
      `Role ${role} had ${rowCount} rows when they were counted and ${rowsWritten} when they were written.`,
      'Start the next revision. If it happens again, report it with the definition: this is a defect of resegment.',
    )
  return artifact.putFiles(files)
}

function outputOf(ref: ArtifactRef, stored: Manifest['summary']): Unmeasured<ExtractOutput> {
  const { rowsRead, rows, rejected, shardCount, inputHash, sample } = stored as unknown as ExtractSummary
  return {
    ref,
    shardCount,
    counts: { stage: 'extract', rowsIn: rowsRead, rowsOut: rows, rejected, inputHash },
    ...(sample && { sample: { ...sample, customers: null, churn: null } }),
  }
}
