import { Client, Connection } from '@temporalio/client'
import type { PayloadCodec } from '@temporalio/common'
import { interceptorsUntil } from './closing-calls.ts'
import { explainNoConnection, readConnectionConfig } from './connection-config.ts'

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
 * @throws ConfigInvalid, ConnectionFailed, PermissionDenied
 */
export async function connectTemporal(
  variables: Readonly<Record<string, string | undefined>>,
  payloadCodecs: PayloadCodec[] = [],
): Promise<TemporalAccess> {
  const config = readConnectionConfig(variables)
  const { options, namespace } = config
  try {
    let isClosed = false
    const interceptors = interceptorsUntil(() => isClosed)
    const connection = await Connection.connect({ ...options, interceptors, connectTimeout: CONNECT_TIMEOUT })
    const client = new Client({ connection, namespace, dataConverter: { payloadCodecs } })
    const close = async (): Promise<void> => {
      isClosed = true
      await connection.close()
    }
    return { client, connection, namespace, address: options.address, close }
  } catch (error) {
    return explainNoConnection(error, config)
  }
}
