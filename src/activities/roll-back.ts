import { ConnectionFailed } from '../errors/connection-failed.ts'
import { RollbackRefused } from '../errors/rollback-refused.ts'
import type { Definition } from '../plan/definition.ts'
import type { ReturnPoint, Rollback, RollbackRequest, ShownRun } from '../ports/destination.ts'
import type { Services } from '../ports/services.ts'
import { formatRunId, type RunIdentity } from '../run/run-key.ts'

export interface RollbackWish extends Omit<RollbackRequest, 'from' | 'to'> {
  /** Absent: what was live before. */
  readonly to: RunIdentity | undefined
}

export interface RollbackReport extends ReturnPoint, Rollback {
  /** False: files are published, but this run has none; `latest.json` names another. */
  readonly latestNamed: boolean
}

/**
 * Shows consumers an earlier run again: tables in one short transaction, then `latest.json`. Doing it twice with `to` changes nothing more.
 *
 * @throws RollbackRefused, PublishConflict, ConnectionFailed, PermissionDenied, WarehouseNotMigrated
 */
export async function rollBackPipeline(
  services: Pick<Services, 'warehouse' | 'objects'>,
  definition: Definition,
  { to, by, reason }: RollbackWish,
): Promise<RollbackReport> {
  const { pipeline } = definition.pipeline
  const warehouse = services.warehouse(definition)
  const point = await warehouse.findReturnPoint(pipeline, to)
  const { prefix } = definition.target
  const shown: ShownRun = { ...point.run, pipeline, asOf: point.asOf, digest: point.digest, prefix }
  const objects = services.objects(definition)
  const hasFiles = objects !== undefined && point.manifestUri !== null
  // Before the switch: tables and files go back together, or not at all.
  if (hasFiles && !(await objects.hasRun(shown)))
    throw new RollbackRefused(
      `The files of ${formatRunId(point.run)} are gone: ${point.manifestUri} is not there any more, or holds another result.`,
      'Return to another run, or bring the files back.',
    )
  const done = await warehouse.rollBack(pipeline, { from: point.from, to: point.run, by, reason })
  if (hasFiles) await pointLatest(() => objects.pointLatest(shown, done.shownSince), shown)
  return { ...point, ...done, latestNamed: hasFiles || objects === undefined }
}

/** The switch is done: without a word, somebody would repeat the whole and go back one run more. */
async function pointLatest(point: () => Promise<void>, { pipeline, ...run }: ShownRun): Promise<void> {
  try {
    await point()
  } catch (error) {
    throw new ConnectionFailed(
      `The warehouse shows ${formatRunId(run)} again, but latest.json could not be written: ${error instanceof Error ? error.message : String(error)}`,
      `Repeat it naming the run: resegment rollback ${pipeline} --to ${formatRunId(run)} --reason …`,
      { cause: error },
    )
  }
}
