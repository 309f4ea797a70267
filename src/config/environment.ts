import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import envPaths from 'env-paths'
import { SecretMissing } from '../errors/secret-missing.ts'

/** Everything the environment says, read once. The only place that looks at `process.env`. */
export interface Environment {
  /** The variables themselves, overrides applied: for Temporal's own env config and for child processes. */
  readonly variables: Readonly<Record<string, string | undefined>>
  /** RESEGMENT_STORE: `s3://bucket/prefix` or `file:///folder`. Default: bucket `<bucket of publish.s3>-artifacts`. */
  readonly storeUri: string | undefined
  /** S3_ENDPOINT. Default: AWS. */
  readonly s3Endpoint: string | undefined
  /** Set only by the embedded stack; otherwise the AWS SDK finds its own. */
  readonly s3Credentials: { readonly accessKeyId: string; readonly secretAccessKey: string } | undefined
  /** RESEGMENT_CACHE: built servers, fetched artifacts and compiled modules, shared by all projects of a user. Default: the platform's cache folder. */
  readonly cacheFolder: string
  /** RESEGMENT_THREADS: threads of the engine and of the kernels, each. Default: the number of cores. */
  readonly threads: number | undefined
  /** RESEGMENT_MEMORY_LIMIT: memory of one engine session, as `512MB`. Default: 1 GB. */
  readonly memoryLimit: string | undefined
  /** RESEGMENT_LEDGER_KEY: what ledgers hash ids of customers with. Default: a key that the warehouse makes for itself. */
  readonly ledgerKey: string | undefined
  /** RESEGMENT_PRIVACY_KEY: what the list of customers who are not to be segmented hashes ids with. Default: a key that the warehouse makes for itself. */
  readonly privacyKey: string | undefined
  /** RESEGMENT_LOG_LEVEL. Default: info. */
  readonly logLevel: string
  /** RESEGMENT_TEMPORAL_UI: address of the Temporal UI, for links in notices. Default: no links; the embedded one's. */
  readonly temporalUi: string | undefined
  /** RESEGMENT_FAULT: `stage:point:kill`, a fault for tests of recovery. Default: none. */
  readonly fault: string | undefined
  /** @throws SecretMissing */
  secret(name: string): string
}

/** @param overrides variables that win, as an embedded stack gives them */
export function readEnvironment(overrides: Readonly<Record<string, string>> = {}): Environment {
  const variables: Readonly<Record<string, string | undefined>> = { ...process.env, ...overrides }
  const { RESEGMENT_EMBEDDED_S3: embeddedS3 } = variables
  return {
    variables,
    storeUri: variables.RESEGMENT_STORE,
    s3Endpoint: variables.S3_ENDPOINT,
    s3Credentials:
      embeddedS3 && variables.AWS_ACCESS_KEY_ID && variables.AWS_SECRET_ACCESS_KEY
        ? { accessKeyId: variables.AWS_ACCESS_KEY_ID, secretAccessKey: variables.AWS_SECRET_ACCESS_KEY }
        : undefined,
    cacheFolder: variables.RESEGMENT_CACHE ?? envPaths('resegment', { suffix: '' }).cache,
    threads: positiveInteger(variables.RESEGMENT_THREADS),
    memoryLimit: variables.RESEGMENT_MEMORY_LIMIT,
    ledgerKey: variables.RESEGMENT_LEDGER_KEY ?? readMounted(variables.RESEGMENT_SECRETS_DIR, 'RESEGMENT_LEDGER_KEY'),
    privacyKey:
      variables.RESEGMENT_PRIVACY_KEY ?? readMounted(variables.RESEGMENT_SECRETS_DIR, 'RESEGMENT_PRIVACY_KEY'),
    logLevel: variables.RESEGMENT_LOG_LEVEL ?? 'info',
    temporalUi: variables.RESEGMENT_TEMPORAL_UI,
    fault: variables.RESEGMENT_FAULT,
    secret: (name) => variables[name] ?? mountedSecret(variables.RESEGMENT_SECRETS_DIR, name),
  }
}

function positiveInteger(text: string | undefined): number | undefined {
  const value = Number(text)
  return Number.isInteger(value) && value > 0 ? value : undefined
}

function mountedSecret(folder: string | undefined, name: string): string {
  const mounted = readMounted(folder, name)
  if (mounted !== undefined) return mounted
  throw new SecretMissing(
    `Secret ${name} is neither an environment variable nor a file in RESEGMENT_SECRETS_DIR (${folder ?? 'not set'}).`,
    `Set ${name} for this process, or mount it as a file.`,
  )
}

function readMounted(folder: string | undefined, name: string): string | undefined {
  try {
    return folder ? readFileSync(join(folder, name), 'utf8').trim() : undefined
  } catch {
    return undefined // Not mounted: who needs it says so.
  }
}
