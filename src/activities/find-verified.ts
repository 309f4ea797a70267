import { ArtifactMissing } from '../errors/artifact-missing.ts'
import { NotVerifiable } from '../errors/not-verifiable.ts'
import type { PublishedRun } from '../ports/ledger.ts'
import type { Services } from '../ports/services.ts'
import type { ArtifactRef, Manifest } from '../run/artifact.ts'
import { formatRunId } from '../run/run-key.ts'
import type { ComputedStage } from '../run/verification.ts'
import { referTo } from './stage-artifact.ts'
import type { VerifyInput } from './verify-activities.ts'

/** A run, and where what it stored is. */
type PublishedInput = Pick<VerifyInput, 'definition' | 'runKey' | 'revision'>

/** @throws NotVerifiable */
export async function findPublished(services: Services, { definition, ...run }: PublishedInput): Promise<PublishedRun> {
  const published = await services.ledger(definition).publishedRun(run)
  const { pipeline } = definition.pipeline
  const others = `See which were: resegment runs ${pipeline}`
  if (!published) throw new NotVerifiable(`Consumers never saw run ${formatRunId(run)}: it published nothing.`, others)
  if (published.isAdopted)
    throw new NotVerifiable(`${formatRunId(run)} was adopted: nobody computed it, and so nobody can again.`, others)
  return published
}

interface FoundArtifact {
  readonly ref: ArtifactRef
  readonly manifest: Manifest
}

/** By what they say of themselves: Temporal forgets its runs sooner than the store does. @throws ArtifactMissing */
export async function findArtifacts(
  services: Services,
  { definition, ...run }: PublishedInput,
  { digest }: PublishedRun,
): Promise<{ validation: FoundArtifact; raw: FoundArtifact | undefined }> {
  const store = services.store(definition)
  const { pipeline } = definition.pipeline
  const listed = await services
    .sweptPlaces(definition)
    .artifacts.list(`${definition.target.prefix}${pipeline}/${formatRunId(run)}/`)
  const ofStage = async (stage: ComputedStage): Promise<readonly FoundArtifact[]> => {
    const uris = listed.flatMap(({ uri }) =>
      uri.endsWith('/manifest.json') ? [uri.slice(0, -'/manifest.json'.length)] : [],
    )
    const own = uris.filter((uri) => uri.split('/').at(-1)!.startsWith(`${stage}-`))
    const manifests = await Promise.all(
      own.map(async (uri) => [uri, await store.readManifest(uri, 'manifest')] as const),
    )
    return manifests.flatMap(([uri, manifest]) => (manifest ? [{ ref: referTo(uri, manifest), manifest }] : []))
  }
  const validation = (await ofStage('validate')).find(({ ref }) => ref.contentDigest === digest)
  if (!validation)
    throw new ArtifactMissing(
      `What run ${formatRunId(run)} validated (content ${digest}) is not in the store any more.`,
      'Verify runs whose artifacts are kept.',
    )
  return { validation, raw: (await ofStage('extract'))[0] }
}
