import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { once } from 'node:events'

export interface ListenAddress {
  readonly host: string
  /** 0: any that is free. */
  readonly port: number
}

export interface HealthState {
  /** Undefined: it is. Else why the process should be replaced. */
  alive(): string | undefined
  /** Undefined: it is. Else why the worker takes no work now. */
  ready(): string | undefined
}

export interface HealthServer {
  /** As it listens: a port 0 is told as the one that was found. */
  readonly address: string
  close(): Promise<void>
}

/**
 * Answers what an orchestrator asks: `/healthz` is 200 while the process should live, `/readyz` while it polls for work; else 503 with
 * the reason. Neither asks a server behind it: a warehouse that is down is no reason to restart workers.
 *
 * @throws what `listen` fails with
 */
export async function serveHealth({ host, port }: ListenAddress, state: HealthState): Promise<HealthServer> {
  const server = createServer((request, response) => {
    const asked = { '/healthz': () => state.alive(), '/readyz': () => state.alive() ?? state.ready() }[
      new URL(request.url ?? '/', 'http://worker').pathname
    ]
    const problem = asked ? asked() : undefined
    response.writeHead(asked ? (problem === undefined ? 200 : 503) : 404, {
      'content-type': 'text/plain; charset=utf-8',
    })
    response.end(asked ? `${problem ?? 'ok'}\n` : 'Ask /healthz or /readyz.\n')
  })
  server.listen(port, host)
  await once(server, 'listening')
  return { address: addressOf(server), close: () => close(server) }
}

function addressOf(server: Server): string {
  const { address, port, family } = server.address() as AddressInfo
  return family === 'IPv6' ? `[${address}]:${port}` : `${address}:${port}`
}

async function close(server: Server): Promise<void> {
  server.closeAllConnections()
  server.close()
  await once(server, 'close')
}
