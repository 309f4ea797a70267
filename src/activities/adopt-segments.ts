import { join } from 'node:path'
import { PublishConflict } from '../errors/publish-conflict.ts'
import { SourceSchemaChanged } from '../errors/source-schema-changed.ts'
import type { Definition } from '../plan/definition.ts'
import type { ComputeSession } from '../ports/compute-engine.ts'
import type { PublishedPlan } from '../ports/destination.ts'
import type { Services } from '../ports/services.ts'
import type { SourceReader } from '../ports/source-reader.ts'
import { formatRunId } from '../run/run-key.ts'
import { source as sourceConfig, type Source, type SourceLocation } from '../stages/extract/config.ts'
import {
  compileAdopted,
  COUNT_ADOPTED,
  COUNT_ADOPTED_SEGMENTS,
  readAdopted,
  type AdoptedColumns,
  type AdoptedSegments,
} from '../stages/validate/adopted.ts'
import { planAdoption, toPublication } from './adopted-publication.ts'
import { putOut } from './put-out.ts'

/** Segments that somebody else made. */
export interface AdoptionRequest {
  readonly from: SourceLocation
  /** As people name it, for messages. */
  readonly fromName: string
  readonly columns: AdoptedColumns
  /** ISO 8601, UTC: since when the memberships are true. */
  readonly asOf: string
  readonly by: string
  readonly reason: string
  /** Called with the segments before anything is published; false stops it. */
  readonly confirm: (found: AdoptedSegments) => Promise<boolean>
}

/** What was adopted; null: somebody decided against it. */
export interface Adoption extends AdoptedSegments {
  /** `shop@2026-07-01.adopted~1` */
  readonly runId: string
  readonly manifestUri: string | null
}

/** Methods whose segments have keys by definition: an adopted segment of the same name is the same one. */
const METHODS_BY_NAME = ['rules', 'rfm', 'tiers', 'predictive', 'hybrid']

/**
 * Makes segments of a table the first publication of a pipeline, in the same way as a run publishes: whole or not at all. A second call
 * with the same rows changes nothing.
 *
 * @throws PublishConflict when the pipeline has published already
 * @throws SourceUnreadable, SourceSchemaChanged, SourceContradicts, SourceEmpty, ConnectionFailed, PermissionDenied, WarehouseNotMigrated
 */
export async function adoptSegments(
  services: Services,
  definition: Definition,
  request: AdoptionRequest,
  signal: AbortSignal,
): Promise<Adoption | null> {
  const plan = planAdoption(definition, request.asOf, services.codeVersion)
  await refusePublished(services, plan)
  const reader = services.reader(definition)
  const source = sourceConfig.parse({ from: request.from, columns: {} })
  const scratch = await services.store(definition).openScratch('adopt')
  try {
    const readablePaths = reader.folders?.(source)
    const session = await services.engine.open({
      scratchPath: scratch.path,
      signal,
      ...(readablePaths && { readablePaths }),
    })
    try {
      await readRows(session, reader, { source, request, scratchPath: scratch.path, signal })
      const [counts] = await session.rows(COUNT_ADOPTED)
      const byName = METHODS_BY_NAME.includes(definition.pipeline.cluster.method)
      const found = readAdopted(counts!, await session.rows(COUNT_ADOPTED_SEGMENTS), {
        pipeline: plan.pipeline,
        byName,
      })
      if (!(await request.confirm(found))) return null
      const publication = await toPublication(session, plan, found, join(scratch.path, 'rows.parquet'))
      const { manifestUri } = await putOut(services, session, publication, {
        ...{ scratchPath: scratch.path, signal },
        // The run has no row before it is out, which an event of it needs.
        async afterSwitch({ written }) {
          const { by, reason } = request
          const event = { event: 'adopted', by, reason }
          if (written) await services.ledger(definition).recordEvent(plan, publication.temporalRunId, event)
        },
      })
      return { ...found, runId: formatRunId(plan), manifestUri }
    } finally {
      await session.close()
    }
  } finally {
    await scratch.close()
  }
}

/** @throws PublishConflict */
async function refusePublished(services: Services, plan: PublishedPlan): Promise<void> {
  const { live } = await services.ledger(plan.definition).publishedState(plan.pipeline)
  if (!live || (live.runKey === plan.runKey && live.revision === plan.revision)) return
  throw new PublishConflict(
    `${formatRunId(live)} of pipeline ${plan.pipeline} is live: segments are adopted before the first run is published.`,
    'Give the pipeline another name to start from the segments of a table, or go on with what is live.',
  )
}

interface RowsToRead {
  readonly source: Source
  readonly request: AdoptionRequest
  readonly scratchPath: string
  readonly signal: AbortSignal
}

/** Makes table `adopted`. */
async function readRows(
  session: ComputeSession,
  reader: SourceReader,
  { source, request, scratchPath, signal }: RowsToRead,
): Promise<void> {
  const { columns, fromName } = request
  const view = await reader.open(signal)
  try {
    const known = Object.keys(await view.describe(source, fromName))
    for (const [option, column] of Object.entries(columns))
      if (!known.includes(column))
        throw new SourceSchemaChanged(
          `${fromName} has no column ${column}. It has: ${known.join(', ')}.`,
          `Name the column of the ${option === 'customer' ? 'ids' : 'segments'} with --${option}.`,
        )
    const usedColumns = Object.values(columns)
    const opened = await view.read(
      session,
      { source, sourceName: fromName, usedColumns, asOf: null, scratchPath, signal },
      () => undefined,
    )
    await session.execute(compileAdopted(opened.relation, columns))
  } finally {
    await view.close()
  }
}
