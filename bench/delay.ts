import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'

export interface Delay {
  /** In place of the server's: an address as that was, `host:port` or a URL. */
  readonly address: string
  close(): void
}

/** Stands in front of a server: what is sent arrives so much later, in both directions. */
export async function openDelay(server: string, milliseconds: number): Promise<Delay> {
  const isUrl = server.includes('://')
  const { hostname, port } = new URL(isUrl ? server : `tcp://${server}`)
  const front = createServer({ noDelay: true }, (near) => {
    const far = connect({ host: hostname, port: Number(port), noDelay: true })
    passLater(near, far, milliseconds)
    passLater(far, near, milliseconds)
  }).listen(0, '127.0.0.1')
  await once(front, 'listening')
  const own = `127.0.0.1:${(front.address() as AddressInfo).port}`
  return { address: isUrl ? server.replace(`${hostname}:${port}`, own) : own, close: () => front.close() }
}

function passLater(from: Socket, to: Socket, milliseconds: number): void {
  from.on('data', (chunk: Buffer) => setTimeout(() => to.write(chunk), milliseconds))
  from.on('end', () => setTimeout(() => to.end(), milliseconds))
  from.on('error', () => to.destroy())
}
