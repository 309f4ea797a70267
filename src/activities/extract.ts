import { join } from 'node:path'
import { CountsDoNotReconcile } from '../errors/counts-do-not-reconcile.ts'
import type { RunPlan } from '../plan/run-plan.ts'
import type { ComputeSession } from '../ports/compute-engine.ts'
import type { Services } from '../ports/services.ts'
import type { ArtifactFile, ArtifactRef, Manifest } from '../run/artifact.ts'
import { decideShardCount, EXTRACT_VERSION, shardOf } from '../stages/extract/compile.ts'
import type { SourceRole } from '../stages/extract/mapping.ts'
import type { Activities, ExtractOutput, Unmeasured } from './activities.ts'
import { type Attempt, finishingAttempt } from './attempt.ts'
import { connectionsOf, prepareSource, run, type PreparedSource } from './extract-source.ts'
import { referTo, StageArtifact } from './stage-artifact.ts'

const fileRoles = { transactions: 'rows', customers: 'customers' } as const satisfies Record<SourceRole, string>

/** Counts of the stage, as its manifest keeps them. */
export interface ExtractSummary {
  readonly sources: readonly {
    readonly source: string
    readonly role: SourceRole
    readonly rowsRead: number
    readonly rowsBeforeAsOf: number
  }[]
  /** Of the transactions: read, and kept because they lie before the as-of or have no readable date. */
  readonly rowsRead: number
  readonly rows: number
  readonly shardCount: number
}

/** `extract`: sources ⇒ raw. */
export const makeExtractActivities = (services: Services): Pick<Activities, 'extractSources'> => ({
  extractSources: (plan) =>
    finishingAttempt(services, plan.definition, async (attempt) => {
      const { definition } = plan
      const roles = rolesOf(plan)
      const used = [...roles.values()].map((name) => [name, definition.sources[name]!] as const)
      const artifact = new StageArtifact(services.store(definition), plan, {
        stage: 'extract',
        stageVersion: EXTRACT_VERSION,
        config: {
          extract: definition.pipeline.extract,
          sources: Object.fromEntries(used),
          connections: connectionsOf(definition, used),
        },
        reads: [],
        shardCount: 0,
      })
      const existing = await artifact.existing()
      if (existing) return outputOf(referTo(artifact.uri, existing), existing.summary)
      const readers = new Map(used.map(([name, source]) => [name, services.reader(definition, source)]))
      const session = await services.engine.open({
        scratchPath: attempt.scratchPath,
        readablePaths: used.flatMap(([name, source]) => readers.get(name)!.folders?.(source) ?? []),
        signal: attempt.signal,
      })
      try {
        const prepared: PreparedSource[] = []
        for (const [role, name] of roles)
          prepared.push(await prepareSource(session, readers.get(name)!, plan, role, name, attempt))
        const [transactions] = prepared as [PreparedSource]
        const shardCount = decideShardCount(definition.pipeline.extract.shards, transactions.rowsBeforeAsOf)
        const files: ArtifactFile[] = []
        for (const source of prepared)
          files.push(...(await writeShards(session, artifact, source, shardCount, attempt)))
        const summary = summaryOf(prepared, shardCount)
        attempt.reached('before-commit')
        const ref = await artifact.commit(files, { ...summary })
        attempt.reached('after-commit')
        return outputOf(ref, { ...summary })
      } finally {
        await session.close()
      }
    }),
})

/** Transactions first: their number decides the shards. */
function rolesOf(plan: RunPlan): ReadonlyMap<SourceRole, string> {
  const { transactions, customers } = plan.definition.pipeline.extract
  return new Map<SourceRole, string>([
    ['transactions', transactions],
    ...(customers === undefined ? [] : [['customers', customers] as const]),
  ])
}

async function writeShards(
  session: ComputeSession,
  artifact: StageArtifact,
  source: PreparedSource,
  shardCount: number,
  attempt: Attempt,
): Promise<readonly ArtifactFile[]> {
  const { sourceName, rows, orderBy, rowsBeforeAsOf } = source
  const role = fileRoles[source.role]
  const files: ArtifactFile[] = []
  let rowsWritten = 0
  for (let shard = 0; shard < shardCount; shard++) {
    const localPath = join(attempt.scratchPath, `${role}-${shard}.parquet`)
    const written = await run(sourceName, `Source ${sourceName}`, () =>
      session.writeParquet(shardOf(rows, shard, shardCount), orderBy, localPath),
    )
    files.push(await artifact.putFile({ role, shard, extension: '.parquet', localPath, rows: written.rows }))
    rowsWritten += written.rows.rowCount
    attempt.progress(rowsWritten, rowsBeforeAsOf)
  }
  if (rowsWritten !== rowsBeforeAsOf)
    throw new CountsDoNotReconcile(
      `Source ${sourceName} had ${rowsBeforeAsOf} rows when they were counted and ${rowsWritten} when they were written.`,
      'Somebody writes to its files while they are read: start the next revision when that is over.',
    )
  return files
}

function summaryOf(prepared: readonly PreparedSource[], shardCount: number): ExtractSummary {
  const [transactions] = prepared as readonly [PreparedSource]
  return {
    sources: prepared.map(({ sourceName, role, rowsRead, rowsBeforeAsOf }) => ({
      source: sourceName,
      role,
      rowsRead,
      rowsBeforeAsOf,
    })),
    rowsRead: transactions.rowsRead,
    rows: transactions.rowsBeforeAsOf,
    shardCount,
  }
}

function outputOf(ref: ArtifactRef, stored: Manifest['summary']): Unmeasured<ExtractOutput> {
  const { rowsRead, rows, shardCount } = stored as unknown as ExtractSummary
  return { ref, shardCount, counts: { stage: 'extract', rowsIn: rowsRead, rowsOut: rows, rejected: 0 } }
}
