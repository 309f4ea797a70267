import { ArtifactMissing } from '../errors/artifact-missing.ts'
import type { Definition } from '../plan/definition.ts'
import type { Services } from '../ports/services.ts'
import { formatRunId, type RunIdentity } from '../run/run-key.ts'
import { CIRCUMSTANCES } from './artifact-content.ts'
import type { Circumstances } from './circumstances.ts'
import { findArtifacts, findPublished } from './find-verified.ts'
import type { OutcomeRun } from './measure-effectiveness.ts'
import { readDocument } from './read-document.ts'

/**
 * What a published run stored, as its artifacts say themselves: Temporal forgets a run within weeks, a window may last a year.
 *
 * @throws ArtifactMissing when its artifacts are gone, or an earlier version wrote them; NotVerifiable when it was never published
 */
export async function findOutcomeRun(
  services: Services,
  definition: Definition,
  run: RunIdentity,
  asOf: string,
): Promise<OutcomeRun> {
  const input = { definition, ...run }
  const { validation } = await findArtifacts(services, input, await findPublished(services, input))
  const { ref, manifest } = validation
  if (!manifest.files.some(({ role }) => role === CIRCUMSTANCES))
    throw new ArtifactMissing(
      `An earlier version validated ${formatRunId(run)}, and did not keep where its rows are (${ref.uri}).`,
      'Runs of this version are reviewed; of that one nothing can be said.',
    )
  const { refs } = await readDocument<Circumstances>(services.store(definition), ref.uri, manifest.files, CIRCUMSTANCES)
  return { run: formatRunId(run), asOf, segmentsUri: ref.uri, cleanUri: refs.clean.uri }
}
