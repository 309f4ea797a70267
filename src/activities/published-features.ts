import { ArtifactMissing } from '../errors/artifact-missing.ts'
import type { PublishedPlan, Publication } from '../ports/destination.ts'
import type { ArtifactStore } from '../ports/artifact-store.ts'
import type { ComputeSession } from '../ports/compute-engine.ts'
import type { ArtifactRef } from '../run/artifact.ts'
import { readParquet } from '../sql/sql-text.ts'
import { levelColumn } from '../stages/features/catalogue/entry.ts'
import type { FeaturesSummary } from './features.ts'
import { describeColumns, readManifestOf } from './read-artifact.ts'
import { fetchFiles } from './stored-rows.ts'

/**
 * The features that the pipeline shows of each customer, as stage features made them. A composition has a column a level.
 *
 * @throws ArtifactMissing when the features of the run are gone
 */
export async function fetchShownFeatures(
  store: ArtifactStore,
  session: ComputeSession,
  { definition }: PublishedPlan,
  validation: ArtifactRef,
): Promise<Publication['features']> {
  const { features: wanted } = definition.pipeline.publish
  if (wanted === undefined) return undefined
  const uri = (await readManifestOf(store, validation)).summary.featuresUri as string | undefined
  const manifest = uri === undefined ? undefined : await store.readManifest(uri, 'manifest')
  if (uri === undefined || !manifest)
    throw new ArtifactMissing(
      `The features of the run, which publish.features shows, are not in the artifact store any more (${uri ?? validation.uri}).`,
      'Start the next revision: it makes every artifact again.',
    )
  const files = await fetchFiles(store, uri, manifest, 'rows')
  if (files.length === 0) return undefined
  const present = await describeColumns(session, readParquet(files))
  const { features } = manifest.summary as unknown as FeaturesSummary
  const shown = wanted === 'all' ? features : wanted
  const columns = shown.flatMap((feature) =>
    present.filter(({ name }) => name === feature || name.startsWith(levelColumn(feature, ''))),
  )
  if (columns.length === 0) return undefined
  return { files, columns: columns.map(({ name, type }) => ({ name, isText: type === 'VARCHAR' })) }
}
