import { fileURLToPath } from 'node:url'
import { findServer } from '../adapters/embedded/server-binary.ts'
import { TEMPORAL, VERSITYGW } from '../adapters/embedded/server-program.ts'
import { probeBucket, type BucketTraits } from '../adapters/s3/probe-bucket.ts'
import { probeWarehouse, type WarehouseTraits } from '../adapters/warehouse/probe-warehouse.ts'
import type { Environment } from '../config/environment.ts'
import type { Definition } from '../plan/definition.ts'
import { bucketOptions } from './bucket-options.ts'
import { findS3 } from './find-connection.ts'
import { locateStore, splitStoreUri } from './locate-store.ts'
import { makeServices } from './services.ts'
import type { WarehouseAddress } from './warehouse.ts'

/** Where the programs of the embedded servers are. Builds and downloads nothing. @throws ServerMissing */
export function findServerPrograms({ cacheFolder, variables }: Environment): Promise<readonly string[]> {
  const options = { cacheFolder, variables, signal: undefined, onStep: () => undefined, makers: [] }
  return Promise.all([TEMPORAL, VERSITYGW].map((program) => findServer(program, options)))
}

/** @throws ConnectionFailed, PermissionDenied, SecretMissing */
export function lookIntoWarehouse(
  environment: Environment,
  { secret, schema }: WarehouseAddress,
): Promise<WarehouseTraits> {
  return probeWarehouse({ connectionString: environment.secret(secret), secret, schema })
}

/** A bucket that a pipeline writes to. */
export interface ProbedBucket {
  readonly uri: string
  readonly traits: BucketTraits
}

/**
 * Tries out the buckets that a pipeline writes to, each with an object of its own: the published one and that of artifacts.
 *
 * @throws ConnectionFailed, PermissionDenied, ConfigInvalid
 */
export async function tryBuckets(
  environment: Environment,
  definition: Definition,
  signal: AbortSignal,
): Promise<readonly ProbedBucket[]> {
  const { connections, pipeline, target } = definition
  const store = locateStore(environment, definition)
  const published =
    pipeline.publish.s3 === undefined
      ? []
      : [bucketOptions(environment, findS3(connections, pipeline.publish.s3))].map((options) => ({
          uri: `s3://${options.bucket}`,
          options,
        }))
  const artifacts = store.uri.startsWith('s3:')
    ? [{ uri: store.uri, options: { ...store, ...splitStoreUri(store.uri) } }]
    : []
  return Promise.all(
    [...published, ...artifacts].map(async ({ uri, options }) => {
      const folder = 'prefix' in options && options.prefix ? `${String(options.prefix)}/` : ''
      return { uri, traits: await probeBucket(options, `${folder}${target.prefix}`, signal) }
    }),
  )
}

/** Where the artifacts of a pipeline are, when that is a folder. */
export function storeFolder(environment: Environment, definition: Definition): string | null {
  const { uri } = locateStore(environment, definition)
  return uri.startsWith('file:') ? fileURLToPath(uri) : null
}

/** Reads from the artifact store of a pipeline. @returns where it is @throws ConnectionFailed, PermissionDenied, ConfigInvalid */
export async function probeStore(environment: Environment, definition: Definition): Promise<string> {
  const services = makeServices(environment)
  try {
    const store = services.store(definition)
    const { pipeline } = definition.pipeline
    const address = { pipeline, runKey: 'doctor', revision: 1, stage: 'extract', inputDigest: 'none' } as const
    const uri = store.artifactUri(definition.target.prefix, address)
    await store.readManifest(uri, 'manifest')
    return uri.slice(0, uri.indexOf(`/${pipeline}/doctor`))
  } finally {
    await services.close()
  }
}

/** Seconds that this machine's clock is ahead of an HTTP server's; null when the server gives no date. */
export async function probeClock(url: string): Promise<number | null> {
  const response = await fetch(url, { method: 'HEAD', signal: AbortSignal.timeout(5_000) })
  const date = response.headers.get('date')
  return date === null ? null : (Date.now() - Date.parse(date)) / 1000
}
