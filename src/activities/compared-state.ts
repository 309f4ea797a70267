import { NotHistorical } from '../errors/not-historical.ts'
import { OlderThanPublished } from '../errors/older-than-published.ts'
import { PublishConflict } from '../errors/publish-conflict.ts'
import { digestOf } from '../plan/digest.ts'
import type { RunPlan } from '../plan/run-plan.ts'
import type { Ledger, PublishedState } from '../ports/ledger.ts'
import { formatRunId } from '../run/run-key.ts'
import { refuseHistorical, refuseOlder } from '../run/succession.ts'
import { measureOf, resolveFeatures } from '../stages/features/resolve-features.ts'
import { asPublishedModel } from '../stages/validate/published-model.ts'
import type { Measures } from '../stages/validate/published-model.ts'

/** Values over another time span, or of another expression, are not those the live model knows. */
export function measuresOf({ definition }: RunPlan): Measures {
  return Object.fromEntries(resolveFeatures(definition.pipeline.features).map((spec) => [spec.column, measureOf(spec)]))
}

/** What the run is compared with: what is live, or its neighbour in the past. */
export function stateFor(ledger: Pick<Ledger, 'publishedState'>, plan: RunPlan): Promise<PublishedState> {
  return ledger.publishedState(plan.pipeline, plan.options.historical ? plan : undefined)
}

/**
 * A dry run may look from any instant: it replaces nothing.
 *
 * @throws OlderThanPublished when what is live is newer than the run
 * @throws NotHistorical when a run that fills in the past is not older
 */
export function refuseMisplaced({ options, ...run }: RunPlan, { live, past }: PublishedState): void {
  if (options.dryRun) return
  const misplaced = options.historical
    ? refuseHistorical(run, past?.shown ?? undefined)
    : refuseOlder(run, live ?? undefined)
  if (!misplaced) return
  const { what, remedy } = misplaced
  throw options.historical ? new NotHistorical(what, remedy) : new OlderThanPublished(what, remedy)
}

/**
 * Digest of what is live, as far as the comparison sees it. Publications are told by their runs: their numbers count attempts that came to nothing. When
 * this very run is what is live (it was reset after it had published), it is what the run was compared with back then: the run finds its
 * validation again instead of being compared with itself.
 */
export function comparedStateOf(
  { runKey, revision }: RunPlan,
  { live, segments, newestNumber, past }: PublishedState,
): string {
  const isOwn = live?.runKey === runKey && live.revision === revision
  const own = asPublishedModel(isOwn ? live.model : (past?.ownModel ?? null))
  if (own) return own.comparedState
  const { cleanRows, model } = live ?? { cleanRows: null, model: null }
  return digestOf({
    run: live && [live.runKey, live.revision],
    cleanRows,
    model,
    segments: segments.map(({ lastPublicationId: _, ...segment }) => segment),
    newestNumber,
  })
}

/** What is live, or was when this very run began: a run that was reset after it had published must not start from itself. */
export async function liveModelOf(
  ledger: Ledger,
  { runKey, revision }: RunPlan,
  { live }: PublishedState,
): Promise<RunPlan['live']> {
  if (!live) return null
  const isOwn = live.runKey === runKey && live.revision === revision
  const publicationId = isOwn ? live.comparedWith : live.publicationId
  if (publicationId === null) return null
  return { publicationId, modelDigest: digestOf(isOwn ? await ledger.publishedModel(publicationId) : live.model) }
}

/** @throws PublishConflict when the model that placed everybody is not the live one any more */
export function refuseReplaced({ live: scoredWith, runKey, revision }: RunPlan, { live }: PublishedState): void {
  if (live?.publicationId === scoredWith?.publicationId) return
  throw new PublishConflict(
    `${formatRunId({ runKey, revision })} placed customers with the model of publication ${scoredWith?.publicationId}, but publication ${live?.publicationId} is live now.`,
    'Start the next revision: it places them with what is live.',
  )
}
