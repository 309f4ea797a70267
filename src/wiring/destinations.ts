import { type FileTarget, makeCsv } from '../adapters/destinations/csv/csv.ts'
import { makeTable } from '../adapters/destinations/table/table.ts'
import { makeWebhook } from '../adapters/destinations/webhook/webhook.ts'
import { Bucket } from '../adapters/s3/bucket.ts'
import type { Environment } from '../config/environment.ts'
import { configOf } from '../activities/find-destination.ts'
import type { Definition } from '../plan/definition.ts'
import type { ActivationDestination } from '../ports/activation.ts'
import { bucketOptions } from './bucket-options.ts'
import { findPostgres, findS3 } from './find-connection.ts'

/**
 * Opens a destination by its kind. Secrets are read here, and go no further than the adapter.
 *
 * @throws ConfigInvalid, SecretMissing
 */
export function openDestination(environment: Environment, definition: Definition, name: string): ActivationDestination {
  const config = configOf({ definition, destination: name })
  const { connections, target, pipeline } = definition
  switch (config.kind) {
    case 'webhook': {
      const { url, signWith, ...options } = config
      return makeWebhook({
        ...options,
        url: typeof url === 'string' ? url : environment.secret(url.secret),
        signingKey: environment.secret(signWith.secret),
      })
    }
    case 'csv': {
      const bucket = new Bucket(bucketOptions(environment, findS3(connections, config.connection)))
      return makeCsv({
        files: openS3Files(bucket),
        folder: `${target.prefix}${pipeline.pipeline}/${config.folder}`,
        channel: config.channel ?? null,
      })
    }
    case 'table': {
      const secret = findPostgres(connections, config.connection)
      return makeTable({ connectionString: environment.secret(secret), secret, table: config.table })
    }
  }
}

/** S3 as files of destinations see it. */
export function openS3Files(bucket: Bucket): FileTarget {
  return {
    sendFile: (...file) => bucket.sendFile(...file),
    replaceDocument: (key, text) => replaceDocument(bucket, key, text),
    close: () => bucket.close(),
  }
}

/** Whoever wrote in between is written over. */
async function replaceDocument(bucket: Bucket, key: string, text: string): Promise<void> {
  for (;;) {
    const found = await bucket.readDocument(key)
    if (await bucket.writeDocument(key, text, found?.etag)) return
  }
}
