import getPort from 'get-port'
import type { RunningServer } from './running-server.ts'

/** What every server needs to start. */
export interface ServerStart {
  readonly stateFolder: string
  /** The environment of a server: nothing of ours leaks into it by accident. */
  readonly env: Readonly<Record<string, string>>
  readonly signal: AbortSignal | undefined
  onStep(line: string): void
  /** Free loopback ports, those of the last start where they are free. */
  freePorts(count: number): Promise<number[]>
  logPath(name: string): string
  /** Records a server before it answers. */
  spawned(server: RunningServer): void
}

export async function freeLoopbackPorts(count: number, wanted: readonly number[] = []): Promise<number[]> {
  const ports: number[] = []
  for (let index = 0; index < count; index++) {
    const port = wanted[index]
    ports.push(await getPort({ host: '127.0.0.1', ...(port === undefined ? {} : { port }) }))
  }
  return ports
}
