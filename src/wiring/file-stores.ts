import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { makeErasableFolder } from '../adapters/artifact-store/erasable-folder.ts'
import { openScratch, removeLeftovers } from '../adapters/artifact-store/scratch.ts'
import { makeDuckDbEngine } from '../adapters/duckdb/engine.ts'
import type { BucketOptions } from '../adapters/s3/bucket.ts'
import { makeErasableBucket } from '../adapters/s3/erasable-bucket.ts'
import { artifactLayout } from '../activities/erasure/artifact-layout.ts'
import { makeCachedCustomers } from '../activities/erasure/cached-customers.ts'
import { publishedLayout } from '../activities/erasure/published-layout.ts'
import { makeStoredCustomers, type StoredFiles } from '../activities/erasure/stored-customers.ts'
import type { Environment } from '../config/environment.ts'
import type { Definition } from '../plan/definition.ts'
import type { CustomerStore, OpenCustomerStores } from '../ports/customer-store.ts'
import type { ErasablePlace } from '../ports/erasable-place.ts'
import { bucketOptions } from './bucket-options.ts'
import { findS3 } from './find-connection.ts'
import { locateStore, splitStoreUri } from './locate-store.ts'

/**
 * Artifacts, published files and this machine's copies.
 *
 * @throws ConfigInvalid
 */
export function openFileStores(environment: Environment, definitions: readonly Definition[]): OpenCustomerStores {
  const cacheFolder = join(environment.cacheFolder, 'artifacts')
  const scratchFolder = join(environment.cacheFolder, 'scratch')
  const engine = makeDuckDbEngine({
    threads: environment.threads ?? 1,
    memoryLimit: environment.memoryLimit,
    readableFolders: [cacheFolder],
  })
  const reading = { engine, openScratch: (label: string) => openScratch(scratchFolder, label) }
  const buckets: { close(): void }[] = []
  const openBucket = (options: BucketOptions & { readonly prefix?: string }): ErasablePlace => {
    const bucket = makeErasableBucket(options)
    buckets.push(bucket)
    return bucket
  }
  const found = new Map<string, CustomerStore>()
  const add = (what: string, at: string, open: () => Pick<StoredFiles, 'place' | 'layout' | 'prefix'>): void => {
    const name = `${what} in ${at}`
    if (!found.has(name)) found.set(name, makeStoredCustomers({ name, ...open(), ...reading }))
  }
  for (const definition of definitions) {
    const { prefix } = definition.target
    const { uri, ...options } = locateStore(environment, definition)
    add('artifacts', `${uri}/${prefix}`, () => ({
      prefix,
      layout: artifactLayout,
      place: uri.startsWith('file:')
        ? makeErasableFolder(fileURLToPath(uri))
        : openBucket({ ...options, ...splitStoreUri(uri) }),
    }))
    for (const connection of publishedTo(definition)) {
      const options = bucketOptions(environment, findS3(definition.connections, connection))
      const at = `${options.endpoint === undefined ? '' : `${options.endpoint}/`}${options.bucket}/${prefix}`
      add('published files', at, () => ({ prefix, layout: publishedLayout, place: openBucket(options) }))
    }
  }
  return {
    stores: [
      ...found.values(),
      makeCachedCustomers({ cacheFolder, removeLeftovers: () => removeLeftovers(scratchFolder), ...reading }),
    ],
    close() {
      for (const bucket of buckets) bucket.close()
      return Promise.resolve()
    },
  }
}

/** Connections of buckets that get files with rows of customers: of the runs themselves, and of destinations. */
function publishedTo({ pipeline }: Definition): readonly string[] {
  const { s3 } = pipeline.publish
  const destinations = Object.values(pipeline.activate ?? {}).flatMap((one) =>
    one.kind === 'csv' ? [one.connection] : [],
  )
  return [...(s3 === undefined ? [] : [s3]), ...destinations]
}
