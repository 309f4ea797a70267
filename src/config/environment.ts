import envPaths from 'env-paths'
import { SecretMissing } from '../errors/secret-missing.ts'
import { WrongUsage } from '../errors/wrong-usage.ts'
import type { PayloadKey } from '../run/payload-key.ts'
import { givenSecret, printedAgain, readMounted } from './given-secret.ts'
import { parsePayloadKeys, PAYLOAD_KEYS } from './payload-keys.ts'

const API_KEY = 'TEMPORAL_API_KEY'

/** Everything the environment says, read once. */
export interface Environment {
  /** The variables themselves, overrides applied: for child processes. */
  readonly variables: Readonly<Record<string, string | undefined>>
  /**
   * The same for Temporal's env config, with TEMPORAL_API_KEY from a file in RESEGMENT_SECRETS_DIR or from TEMPORAL_API_KEY_COMMAND where
   * the variable itself is not set.
   *
   * @throws ConfigInvalid
   */
  temporalVariables(): Environment['variables']
  /** The API key for Temporal in its file, as it is now. Undefined: there is none, or the variable goes before it. */
  apiKeyFile(): string | undefined
  /**
   * The API key for Temporal as its command prints it now. Undefined: there is none, or the variable or the file goes before it.
   *
   * @throws ConfigInvalid when the command fails
   */
  apiKeyOfCommand(): Promise<string | undefined>
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
  /**
   * RESEGMENT_PAYLOAD_KEYS, or what RESEGMENT_PAYLOAD_KEYS_COMMAND prints: what Temporal is given is encrypted with the first and read with
   * all. Default: none, nothing is encrypted.
   *
   * @throws ConfigInvalid
   */
  payloadKeys(): readonly PayloadKey[]
  /**
   * RESEGMENT_CODEC_TOKEN, or what RESEGMENT_CODEC_TOKEN_COMMAND prints: what a codec server wants from who asks. Default: none.
   *
   * @throws ConfigInvalid
   */
  codecToken(): string | undefined
  /** RESEGMENT_DEPLOYMENT: the Worker Deployment that workers are a version of. Default: none, they have no version. */
  readonly deployment: string | undefined
  /** RESEGMENT_BUILD_ID: which version. Default: told by the code. */
  readonly buildId: string | undefined
  /** RESEGMENT_LOG_LEVEL. Default: info. */
  readonly logLevel: string
  /** RESEGMENT_TEMPORAL_UI: address of the Temporal UI, for links in notices. Default: no links; the embedded one's. */
  readonly temporalUi: string | undefined
  /** RESEGMENT_FAULT: `activity:point:kill`, a fault for tests of recovery; refused unless RESEGMENT_TEST is 1. Default: none. @throws WrongUsage */
  readonly fault: string | undefined
  /** @throws SecretMissing */
  secret(name: string): string
}

/** @param overrides variables that win, as an embedded stack gives them */
export function readEnvironment(overrides: Readonly<Record<string, string>> = {}): Environment {
  return environmentOf({ ...process.env, ...overrides })
}

/** The same environment with variables that win. */
export function withOverrides(environment: Environment, overrides: Readonly<Record<string, string>>): Environment {
  return environmentOf({ ...environment.variables, ...overrides })
}

function environmentOf(variables: Environment['variables']): Environment {
  const { RESEGMENT_EMBEDDED_S3: embeddedS3 } = variables
  let payloadKeys: readonly PayloadKey[] | undefined
  return {
    variables,
    temporalVariables: () => ({ ...variables, [API_KEY]: givenSecret(variables, API_KEY) }),
    apiKeyFile: () => (variables[API_KEY] ? undefined : readMounted(variables.RESEGMENT_SECRETS_DIR, API_KEY)),
    apiKeyOfCommand: () => printedAgain(variables, API_KEY),
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
    payloadKeys: () => (payloadKeys ??= readPayloadKeys(variables)),
    codecToken: () => givenSecret(variables, 'RESEGMENT_CODEC_TOKEN'),
    deployment: variables.RESEGMENT_DEPLOYMENT || undefined,
    buildId: variables.RESEGMENT_BUILD_ID || undefined,
    logLevel: variables.RESEGMENT_LOG_LEVEL ?? 'info',
    temporalUi: variables.RESEGMENT_TEMPORAL_UI,
    get fault() {
      return faultOf(variables)
    },
    secret: (name) => variables[name] ?? mountedSecret(variables.RESEGMENT_SECRETS_DIR, name),
  }
}

/** Whoever inherits the variable by mistake should hear of it before a worker dies in the middle of a night. */
function faultOf({ RESEGMENT_FAULT: fault, RESEGMENT_TEST: test }: Environment['variables']): string | undefined {
  if (fault && test !== '1')
    throw new WrongUsage(
      `RESEGMENT_FAULT is "${fault}": it kills workers on purpose, in tests of recovery alone.`,
      'Unset RESEGMENT_FAULT.',
    )
  return fault || undefined
}

function readPayloadKeys(variables: Environment['variables']): readonly PayloadKey[] {
  const text = givenSecret(variables, PAYLOAD_KEYS)
  return text ? parsePayloadKeys(text) : []
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
