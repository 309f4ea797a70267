import type { Services } from '../ports/services.ts'
import { rowContentOf } from './artifact-content.ts'
import { attempt } from './attempt.ts'
import { findInputChanges } from './compare-inputs.ts'
import { comparePlaces } from './compare-places.ts'
import { planVerification } from './plan-verification.ts'
import { readManifestOf } from './read-artifact.ts'
import type { VerifyActivities } from './verify-activities.ts'

export function makeVerifyActivities(services: Services): VerifyActivities {
  return {
    planVerification: (input, temporalRunId) =>
      attempt(services, input.definition, ({ scratchPath }) =>
        planVerification(services, input, { temporalRunId, scratchPath }),
      ),

    compareInputs: (planned, raw) =>
      attempt(services, planned.plan.definition, async () => {
        const store = services.store(planned.plan.definition)
        return findInputChanges(planned, {
          before: planned.raw && (await readManifestOf(store, planned.raw)),
          now: await readManifestOf(store, raw),
        })
      }),

    digestRows: ({ definition }, refs) =>
      attempt(services, definition, async () => {
        const store = services.store(definition)
        return Promise.all(refs.map(async (ref) => rowContentOf((await readManifestOf(store, ref)).files)))
      }),

    comparePublished: (planned, candidate) =>
      attempt(services, planned.plan.definition, (one) => comparePlaces(services, one, planned, candidate)),

    endVerification: ({ definition }) =>
      attempt(services, definition, async () => {
        const { prefix } = definition.target
        await services.store(definition).removeArtifacts(prefix, `${prefix}nothing/`)
      }),
  }
}
