import type { ConnectionOptions } from '@temporalio/client'
import { loadClientConnectConfig } from '@temporalio/envconfig'
import { ConfigInvalid } from '../errors/config-invalid.ts'
import { ConnectionFailed } from '../errors/connection-failed.ts'
import { PermissionDenied } from '../errors/permission-denied.ts'
import { explainTlsRefusal } from './tls-refusal.ts'

/** How clients and workers find one namespace. */
export interface ConnectionConfig {
  readonly options: Pick<ConnectionOptions, 'tls' | 'metadata'> & { readonly address: string; readonly apiKey?: string }
  readonly namespace: string
}

/** What a header can hold: no space, and no line end that a file or a copied key brings along. */
const API_KEY = /^[\x21-\x7e]+$/
/** gRPC's two refusals, as grpc-js and as the core of the SDK put them. */
const REFUSED =
  /\b(?:UNAUTHENTICATED|PERMISSION_DENIED)\b|does not have (?:permission to execute|valid authentication credentials)/

/**
 * Reads the environment as Temporal's own tools do: TEMPORAL_ADDRESS, TEMPORAL_NAMESPACE, TLS, API key, profiles.
 *
 * @throws ConfigInvalid, which never quotes the key
 */
export function readConnectionConfig(variables: Readonly<Record<string, string | undefined>>): ConnectionConfig {
  const overrideEnvVars = Object.fromEntries(
    Object.entries(variables).filter((entry): entry is [string, string] => entry[1] !== undefined),
  )
  const { connectionOptions, namespace = 'default' } = loadClientConnectConfig({ overrideEnvVars })
  const { address = 'localhost:7233', apiKey, ...others } = connectionOptions
  if (apiKey !== undefined && !API_KEY.test(apiKey))
    throw new ConfigInvalid(
      `The API key for Temporal at ${address} is empty, or has a space, a line end or another character that no API key has.`,
      'Correct TEMPORAL_API_KEY, or api_key of the profile.',
    )
  return { options: { ...others, address, ...(apiKey !== undefined && { apiKey }) }, namespace }
}

/** Why there is no connection. @throws ConnectionFailed, PermissionDenied */
export async function explainNoConnection(cause: unknown, { options }: ConnectionConfig): Promise<never> {
  const { address, apiKey, tls } = options
  if (REFUSED.test(messagesOf(cause)))
    throw new PermissionDenied(
      `Temporal at ${address} does not let us in, ${apiKey === undefined ? 'and was given no API key' : 'with the API key that it was given'}.`,
      'Check TEMPORAL_API_KEY, or the profile: whether the key is still valid, and may use the namespace.',
      { cause },
    )
  await explainTlsRefusal(cause, address, tls)
  throw new ConnectionFailed(
    `Temporal at ${address} cannot be reached: ${cause instanceof Error ? cause.message : String(cause)}.`,
    'Set TEMPORAL_ADDRESS to a server that runs, or bring one up with `resegment dev`.',
    { cause },
  )
}

function messagesOf(error: unknown): string {
  return error instanceof Error ? `${error.message}\n${messagesOf(error.cause)}` : ''
}
