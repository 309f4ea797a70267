import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { findServer } from '../../src/adapters/embedded/server-binary.ts'
import { TEMPORAL } from '../../src/adapters/embedded/server-program.ts'
import { connectTemporal } from '../../src/client/connect.ts'
import { readEnvironment } from '../../src/config/environment.ts'
import { freePort } from './free-port.ts'

/** A Temporal server that a test may kill, with its database in a file, behind a wire that can be cut. */
export interface OwnTemporal {
  /** Of the wire. */
  readonly address: string
  /** Kills the server, lets it be away for a while, and starts it again on its file. */
  restart(awayMs: number): Promise<void>
  /** Cuts the wire for a while; nobody gets through meanwhile. */
  cut(forMs: number): Promise<void>
  close(): Promise<void>
}

export async function openOwnTemporal(): Promise<OwnTemporal> {
  const { variables, cacheFolder } = readEnvironment()
  const binary = await findServer(TEMPORAL, { variables, cacheFolder, signal: undefined, onStep: console.error })
  const folder = await mkdtemp(join(tmpdir(), 'resegment-temporal-'))
  const port = await freePort()
  let server: ChildProcess
  const start = async (): Promise<void> => {
    const file = join(folder, 'temporal.db')
    const args = ['server', 'start-dev', '--headless', '--ip', '127.0.0.1', '--port', `${port}`, '--db-filename', file]
    server = spawn(binary, [...args, '--disable-config-env', '--disable-config-file'], { stdio: 'ignore' })
    for (;;) {
      if (server.exitCode !== null) throw new Error(`The Temporal server ended with ${server.exitCode}.`)
      const access = await connectTemporal({ TEMPORAL_ADDRESS: `127.0.0.1:${port}` }).catch(() => undefined)
      if (access) return access.close()
      await sleep(200)
    }
  }
  const kill = async (): Promise<void> => {
    const exited = once(server, 'exit')
    server.kill('SIGKILL')
    await exited
  }
  await start()
  const wire = await openWire(port)
  return {
    address: wire.address,
    async restart(awayMs) {
      await kill()
      await sleep(awayMs)
      await start()
    },
    async cut(forMs) {
      wire.cut()
      await sleep(forMs)
      wire.mend()
    },
    async close() {
      await wire.close()
      await kill()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

async function openWire(port: number): Promise<{ address: string; cut(): void; mend(): void; close(): Promise<void> }> {
  const open = new Set<Socket>()
  let isCut = false
  const breakAll = (): void => open.forEach((socket) => socket.destroy())
  const wire = createServer((client) => {
    if (isCut) return void client.destroy()
    const server = connect(port, '127.0.0.1')
    for (const [socket, other] of [
      [client, server],
      [server, client],
    ] as const) {
      open.add(socket)
      socket.on('error', () => other.destroy())
      socket.on('close', () => {
        open.delete(socket)
        other.destroy()
      })
      socket.pipe(other)
    }
  }).listen(0, '127.0.0.1')
  await once(wire, 'listening')
  return {
    address: `127.0.0.1:${(wire.address() as AddressInfo).port}`,
    cut() {
      isCut = true
      breakAll()
    },
    mend: () => void (isCut = false),
    async close() {
      wire.close()
      breakAll()
      await once(wire, 'close')
    },
  }
}
