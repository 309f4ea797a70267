import { PublishConflict } from '../errors/publish-conflict.ts'
import type { ComputeSession } from '../ports/compute-engine.ts'
import type { Publication, PublishOutcome, ReportFile } from '../ports/destination.ts'
import type { Services } from '../ports/services.ts'
import { formatRunId } from '../run/run-key.ts'
import { withoutSuppressed } from './without-suppressed.ts'

/** Where a publication is put out from, and what happens on both sides of the switch. */
export interface PuttingOut {
  readonly scratchPath: string
  readonly signal: AbortSignal
  /** Makes the pages for people of what is put out. Absent: there are none. */
  readonly pages?: (publication: Publication) => Promise<readonly ReportFile[]>
  /** Customers that are loaded so far. */
  readonly onProgress?: (rowsDone: number) => void
  /** Nothing is visible yet. */
  readonly beforeSwitch?: () => Promise<void>
  /** Consumers of the warehouse see it. */
  readonly afterSwitch?: (outcome: PublishOutcome) => Promise<void>
}

/**
 * Files first, then the one transaction that consumers see, then the name of the latest run: each may happen twice. What fills in the past
 * is never the latest.
 *
 * @param candidate with `manifestUri` null: the files are written here
 * @throws PublishConflict, OlderThanPublished, NotHistorical
 */
export async function putOut(
  services: Pick<Services, 'warehouse' | 'objects' | 'ledger'>,
  session: ComputeSession,
  candidate: Publication,
  { scratchPath, signal, pages, onProgress, beforeSwitch, afterSwitch }: PuttingOut,
): Promise<{ readonly outcome: PublishOutcome; readonly manifestUri: string | null }> {
  const { definition } = candidate.plan
  const warehouse = services.warehouse(definition)
  await warehouse.check(candidate)
  const suppressed = await services.ledger(definition).suppressed(candidate.plan.pipeline)
  const left = await withoutSuppressed(session, candidate, suppressed, scratchPath)
  if (candidate.plan.options.historical && (left.leftOut ?? 0) > 0 && !candidate.isErasedFrom)
    throw new PublishConflict(
      `Since ${formatRunId(candidate.plan)} was compared with what lies before it, customers of it were put on the list of those who are not to be segmented.`,
      'Start the next revision: it leaves them out.',
    )
  const objects = services.objects(definition)
  const manifestUri = (await objects?.writeRun(session, await withPages(left, pages), scratchPath, signal)) ?? null
  const publication = { ...left, manifestUri }
  signal.throwIfAborted()
  await beforeSwitch?.()
  const outcome = await warehouse.publish(session, publication, (rowsDone) => {
    signal.throwIfAborted()
    onProgress?.(rowsDone)
  })
  await afterSwitch?.(outcome)
  const { pipeline, runKey, revision, asOf, options } = candidate.plan
  if (options.historical) return { outcome, manifestUri }
  const { prefix } = definition.target
  await objects?.pointLatest({ pipeline, runKey, revision, asOf, digest: candidate.digest, prefix }, outcome.shownSince)
  return { outcome, manifestUri }
}

async function withPages(publication: Publication, pages: PuttingOut['pages']): Promise<Publication> {
  return pages ? { ...publication, reportFiles: await pages(publication) } : publication
}
