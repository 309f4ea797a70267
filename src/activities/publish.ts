import { Context } from '@temporalio/activity'
import { reconcile } from '../stages/publish/reconcile.ts'
import { recordActs } from './acts-on-run.ts'
import { finishingAttempt } from './attempt.ts'
import { fetchShownFeatures } from './published-features.ts'
import { eventOf } from './record-run.ts'
import { putOut } from './put-out.ts'
import { readManifestOf } from './read-artifact.ts'
import type { ValidationSummary } from './commit-validation.ts'
import { supersedeOvertaken } from './supersede-overtaken.ts'
import { readDocument } from './read-document.ts'
import { warnOfSlowStages } from './slow-stages.ts'
import { makePages } from './make-pages.ts'
import { startReview } from './start-review.ts'
import { startSyncs } from './start-syncs.ts'
import type { Activities } from './activities.ts'
import type { ArtifactStore } from '../ports/artifact-store.ts'
import type { Publication } from '../ports/destination.ts'
import type { Services } from '../ports/services.ts'
import type { ArtifactFile, ArtifactRef, Manifest } from '../run/artifact.ts'
import { formatRunId } from '../run/run-key.ts'
import { confirmSegments } from '../stages/validate/describe-segments.ts'
import type { PublishedModel } from '../stages/validate/published-model.ts'
import type { Validation } from '../stages/validate/validation.ts'

export function makePublishActivities(services: Services): Pick<Activities, 'publishSegmentation'> {
  return {
    publishSegmentation: (plan, validationRef, stages, decision) =>
      finishingAttempt(services, plan.definition, async (attempt) => {
        const ledger = services.ledger(plan.definition)
        const isHistorical = plan.options.historical === true
        const store = services.store(plan.definition)
        const fetched = await fetchValidated(store, validationRef)
        reconcile(fetched.validation, validationRef.rowCount)
        const session = await services.engine.open({ scratchPath: attempt.scratchPath, signal: attempt.signal })
        try {
          const candidate: Publication = {
            ...fetched,
            features: await fetchShownFeatures(store, session, plan, validationRef),
            validation: decision ? approved(fetched.validation) : fetched.validation,
            plan,
            stages,
            digest: validationRef.contentDigest,
            temporalRunId: Context.current().info.workflowExecution?.runId ?? '',
            manifestUri: null,
          }
          const { scratchPath, signal } = attempt
          const { outcome, manifestUri } = await putOut(services, session, candidate, {
            ...{ scratchPath, signal },
            pages: (left) => makePages(store, validationRef, left, decision ?? null, scratchPath),
            onProgress: (rowsDone) => attempt.progress(rowsDone, validationRef.rowCount),
            async beforeSwitch() {
              const { temporalRunId } = candidate
              if (decision) await ledger.recordEvent(plan, temporalRunId, await eventOf(decision))
              await recordActs(ledger, plan)
              attempt.reached('before-switch')
            },
            afterSwitch: async () => attempt.reached('after-switch'),
          })
          await supersedeOvertaken(() => Context.current().client.workflow, ledger, plan.pipeline, {
            ...plan,
            isHistorical,
          })
          if (plan.definition.pipeline.activate && !isHistorical)
            await startSyncs(Context.current().client.workflow, plan, validationRef.uri)
          // Also of what fills in the past: a later run may know already what came after it.
          if (plan.definition.pipeline.review) await startReview(Context.current().client.workflow, plan)
          await warnOfSlowStages(ledger, plan, stages)
          return {
            counts: {
              stage: 'publish' as const,
              rowsIn: validationRef.rowCount,
              rowsOut: outcome.customers,
              rejected: outcome.leftOut,
            },
            manifestUri,
            publicationId: outcome.publicationId,
          }
        } finally {
          await session.close()
        }
      }),
  }
}

/** Somebody looked at the segments and let them through: that confirms those that are new or back. A digest is held each time, or never. */
function approved(validation: Validation): Validation {
  return { ...validation, segments: confirmSegments(validation.segments) }
}

async function fetchValidated(
  store: ArtifactStore,
  ref: ArtifactRef,
): Promise<Pick<Publication, 'validation' | 'rowFiles' | 'lostFiles' | 'isErasedFrom'>> {
  const { uri } = ref
  const manifest = await readManifestOf(store, ref)
  const fetch = (role: string): Promise<string[]> =>
    Promise.all(
      manifest.files
        .filter((file) => file.role === role)
        .sort(byShard)
        .map((file) => store.fetchFile(uri, file)),
    )
  const validation = await readDocument<Validation>(store, uri, manifest.files, 'validation')
  const model = withFeaturesDigest(validation.model as PublishedModel, manifest)
  return {
    validation: { ...validation, model },
    rowFiles: await fetch('rows'),
    lostFiles: await fetch('lost'),
    ...(manifest.erased && { isErasedFrom: true }),
  }
}

/** A model that this very run fitted says where the values are that it was fitted on. */
function withFeaturesDigest(model: PublishedModel, { address, summary }: Manifest): PublishedModel {
  const { fittedBy } = model
  if (!fittedBy || fittedBy.runId !== formatRunId(address)) return model
  const { featuresDigest } = summary as unknown as ValidationSummary
  return { ...model, fittedBy: { ...fittedBy, featuresDigest } }
}

function byShard(a: ArtifactFile, b: ArtifactFile): number {
  return (a.shard ?? 0) - (b.shard ?? 0)
}
