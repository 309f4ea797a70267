import { connect } from 'node:tls'
import type { ConnectionOptions } from '@temporalio/client'
import { PermissionDenied } from '../errors/permission-denied.ts'

/** A server that refuses a certificate of TLS 1.3 says so after the handshake; one that takes it says nothing of itself. */
const PATIENCE_MS = 2_000

type Tls = Exclude<ConnectionOptions['tls'], boolean | null | undefined>

/**
 * Tells what TLS itself says of a connection that failed, which gRPC keeps to itself. Says nothing when that finds no fault.
 *
 * @throws PermissionDenied
 */
export async function explainTlsRefusal(cause: unknown, address: string, tls: ConnectionOptions['tls']): Promise<void> {
  const refusal = await findTlsRefusal(address, tls).catch(() => undefined)
  if (refusal)
    throw new PermissionDenied(
      `TLS to Temporal at ${address} fails: ${refusal}.`,
      'Check the certificate, its key and the CA that TEMPORAL_TLS_… or the profile name.',
      { cause },
    )
}

/** @returns undefined when it finds no fault */
function findTlsRefusal(address: string, tls: ConnectionOptions['tls']): Promise<string | undefined> {
  if (!tls) return Promise.resolve(undefined)
  const { hostname, port } = new URL(`https://${address}`)
  const options: Tls = tls === true ? {} : tls
  return new Promise((resolve) => {
    const socket = connect({
      host: hostname,
      port: Number(port || 443),
      servername: options.serverNameOverride ?? hostname,
      ALPNProtocols: ['h2'],
      ...(options.serverRootCACertificate ? { ca: Buffer.from(options.serverRootCACertificate) } : {}),
      ...(options.clientCertPair
        ? { cert: Buffer.from(options.clientCertPair.crt), key: Buffer.from(options.clientCertPair.key) }
        : {}),
    })
    const end = (said?: string): void => {
      socket.destroy()
      resolve(said)
    }
    socket.setTimeout(PATIENCE_MS, () => end())
    socket.once('error', (error) => end(error.message))
    socket.once('data', () => end())
    // After an error, too: by then that has been said.
    socket.once('close', () =>
      end('the server closes the connection, as it does to a certificate that it does not know'),
    )
  })
}
