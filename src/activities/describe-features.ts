import { ArtifactMissing } from '../errors/artifact-missing.ts'
import { mappedColumns } from '../plan/mapped-columns.ts'
import type { Definition } from '../plan/definition.ts'
import type { Services } from '../ports/services.ts'
import { readParquet } from '../sql/sql-text.ts'
import type { FeatureSpec } from '../stages/features/config.ts'
import type { FeatureDistribution, FeatureDistributions } from '../stages/features/distribution.ts'
import { notesOf } from '../stages/features/feature-notes.ts'
import { resolveFeatures } from '../stages/features/resolve-features.ts'
import type { FittedTransform, FittedTransforms } from '../stages/features/transform.ts'
import { FeatureColumn } from './feature-column.ts'
import type { FeaturesSummary } from './features.ts'
import { describeColumns } from './read-artifact.ts'
import { readDocument } from './read-document.ts'
import { fetchFiles, withStoredRows } from './stored-rows.ts'

/**
 * How the features of a run are distributed, one column of all customers at a time. Reads what stage features wrote.
 *
 * @param featuresUri artifact of stage features
 * @throws ArtifactMissing, ConnectionFailed
 */
export async function describeFeatures(
  services: Pick<Services, 'engine' | 'store'>,
  definition: Definition,
  featuresUri: string,
): Promise<FeatureDistributions> {
  const store = services.store(definition)
  const manifest = await store.readManifest(featuresUri, 'manifest')
  if (!manifest)
    throw new ArtifactMissing(
      `The features are not in the artifact store any more (${featuresUri}).`,
      'Make them anew: `resegment profile PIPELINE --as-of D`.',
    )
  const { pipeline, sources } = definition
  const specs = resolveFeatures(pipeline.features, mappedColumns(pipeline.extract, sources))
  const summary = manifest.summary as unknown as FeaturesSummary
  const fitted = await readDocument<FittedTransforms>(store, featuresUri, manifest.files, 'transforms')
  const paths = await fetchFiles(store, featuresUri, manifest, 'rows')
  return withStoredRows(services.engine, store, 'profile', paths, async (session) => {
    const relation = readParquet(paths)
    const columns = await describeColumns(session, relation)
    const features: FeatureDistribution[] = []
    for (const feature of summary.features) {
      // The definition may have changed since the run: the artifact says what there is, the definition only more about it.
      const spec = specs.find(({ column }) => column === feature)
      const transform = fitted.features.find(({ name }) => name === feature)
      const described = await describeOne(new FeatureColumn(session, relation, feature, columns), spec, transform)
      features.push({ feature, ...described, notes: notesOf(feature, summary, transform) })
    }
    return { customers: summary.customers, features }
  })
}

async function describeOne(
  column: FeatureColumn,
  spec: FeatureSpec | undefined,
  fitted: FittedTransform | undefined,
): Promise<Omit<FeatureDistribution, 'feature' | 'notes'>> {
  const kind = column.kind()
  const common = {
    unit: spec?.unit ?? fitted?.unit ?? 'count',
    transform: spec?.transform ?? (fitted && 'transform' in fitted ? fitted.transform : 'none'),
    weight: spec?.weight ?? fitted?.weight ?? 1,
    imputed: null,
  }
  if (kind === 'category')
    return {
      type: 'category',
      ...common,
      ...(await column.category(fitted?.kind === 'category' ? fitted.levels : null)),
    }
  if (kind === 'composition') return { type: 'composition', ...common, ...(await column.composition()) }
  const type = spec?.type ?? 'numeric'
  const number = fitted?.kind === 'number' ? fitted : undefined
  const { nullShare, figures } = await column.number(type, number)
  return { type, ...common, nullShare, figures, imputed: nullShare > 0 && number ? number.impute : null }
}
