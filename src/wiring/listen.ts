import { once } from 'node:events'
import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface ListenAddress {
  readonly host: string
  /** 0: any that is free. */
  readonly port: number
}

export interface Listening {
  /** As it listens: a port 0 is told as the one that was found. */
  readonly address: string
  /** Ends open connections, too. */
  close(): Promise<void>
}

/** Answers HTTP at an address. @throws what `listen` of Node fails with */
export async function listen(answer: RequestListener, { host, port }: ListenAddress): Promise<Listening> {
  const server = createServer(answer)
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
