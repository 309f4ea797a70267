import { Client, Connection } from '@temporalio/client'
import type { PayloadCodec } from '@temporalio/common'
import { loadClientConnectConfig } from '@temporalio/envconfig'
import { ConnectionFailed } from '../errors/connection-failed.ts'
import { explainTlsRefusal } from './tls-refusal.ts'

const CONNECT_TIMEOUT = '5 seconds'

/** An open connection to one namespace. */
export interface TemporalAccess {
  readonly client: Client
  readonly connection: Connection
  readonly namespace: string
  readonly address: string
  close(): Promise<void>
}

/**
 * Connects as Temporal's own tools would: TEMPORAL_ADDRESS, TEMPORAL_NAMESPACE, TLS, API key, profiles.
 *
 * @param variables of the environment
 * @param payloadCodecs what arguments and results go through
 * @throws ConnectionFailed, PermissionDenied
 */
export async function connectTemporal(
  variables: Readonly<Record<string, string | undefined>>,
  payloadCodecs: PayloadCodec[] = [],
): Promise<TemporalAccess> {
  const { connectionOptions, namespace = 'default' } = loadClientConnectConfig({ overrideEnvVars: defined(variables) })
  const address = connectionOptions.address ?? 'localhost:7233'
  try {
    const connection = await Connection.connect({ ...connectionOptions, address, connectTimeout: CONNECT_TIMEOUT })
    const client = new Client({ connection, namespace, dataConverter: { payloadCodecs } })
    return { client, connection, namespace, address, close: () => connection.close() }
  } catch (error) {
    await explainTlsRefusal(error, address, connectionOptions.tls)
    throw new ConnectionFailed(
      `Temporal at ${address} cannot be reached: ${error instanceof Error ? error.message : String(error)}.`,
      'Set TEMPORAL_ADDRESS to a server that runs, or bring one up with `resegment dev`.',
      { cause: error },
    )
  }
}

function defined(variables: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(variables).filter((entry): entry is [string, string] => entry[1] !== undefined),
  )
}
