import { ArtifactMissing } from '../errors/artifact-missing.ts'
import type { SyncInput } from '../plan/sync-input.ts'
import type { Services } from '../ports/services.ts'
import { quoteName, quoteText, readParquet } from '../sql/sql-text.ts'
import type { Attempt } from './attempt.ts'
import { fetchFiles } from './stored-rows.ts'
import { withSession } from './read-artifact.ts'

/**
 * Adds to each effect of a file how the customer is reached, as the features of the run say.
 *
 * @returns path of a file with the same lines in the same order
 * @throws ArtifactMissing when the features of the run are gone
 */
export async function addChannel(
  services: Services,
  { definition, validationUri }: SyncInput,
  attempt: Attempt,
  path: string,
  feature: string,
): Promise<string> {
  const store = services.store(definition)
  const validation = validationUri === null ? undefined : await store.readManifest(validationUri, 'manifest')
  const featuresUri = validation?.summary.featuresUri as string | undefined
  const features = featuresUri === undefined ? undefined : await store.readManifest(featuresUri, 'manifest')
  if (!features)
    throw new ArtifactMissing(
      `The features of the run, which say how customers are reached, are not in the artifact store any more (${featuresUri ?? validationUri ?? 'where they were is not known'}).`,
      'Leave `channel` out of the destination, or sync a newer run.',
    )
  const files = await fetchFiles(store, featuresUri!, features, 'rows')
  const target = `${path}.channels`
  await withSession(services.engine, attempt, files, (session) =>
    session.execute(`
      COPY (
        SELECT m.batch, struct_insert(m.effect, channel := CAST(f.${quoteName(feature)} AS VARCHAR)) AS effect
        FROM (
          SELECT * FROM read_json(${quoteText(path)}, format = 'newline_delimited',
            columns = {batch: 'INTEGER', effect: 'STRUCT(id VARCHAR, event VARCHAR, customerId VARCHAR, fromSegmentKey VARCHAR, toSegmentKey VARCHAR)'})
        ) m
        LEFT JOIN ${readParquet(files)} f ON f.customer_id = m.effect.customerId
        ORDER BY m.effect.toSegmentKey, m.effect.customerId
      ) TO ${quoteText(target)} (FORMAT json)`),
  )
  return target
}
