import { connect } from 'node:net'
import { expect, it } from 'vitest'
import { serveHealth } from '../../src/workers/health-server.ts'

const free = { host: '127.0.0.1', port: 0 }

it('tells life and readiness apart: who does not live is not ready either', async () => {
  let alive: string | undefined
  let ready: string | undefined = 'Workers are INITIALIZED.'
  const server = await serveHealth(free, { alive: () => alive, ready: () => ready })
  const ask = async (path: string): Promise<[number, string]> => {
    const response = await fetch(`http://${server.address}${path}`)
    return [response.status, await response.text()]
  }
  try {
    expect(await ask('/healthz')).toEqual([200, 'ok\n'])
    expect(await ask('/readyz')).toEqual([503, 'Workers are INITIALIZED.\n'])
    ready = undefined
    expect(await ask('/readyz?verbose')).toEqual([200, 'ok\n'])
    alive = 'The main thread hung for 70 seconds.'
    expect(await ask('/healthz')).toEqual([503, 'The main thread hung for 70 seconds.\n'])
    expect(await ask('/readyz')).toEqual([503, 'The main thread hung for 70 seconds.\n'])
    expect(await ask('/')).toEqual([404, 'Ask /healthz or /readyz.\n'])
  } finally {
    await server.close()
  }
})

it('ends although somebody keeps a connection open', async () => {
  const server = await serveHealth(free, { alive: () => undefined, ready: () => undefined })
  const [host, port] = server.address.split(':')
  const socket = connect(Number(port), host)
  await new Promise((done) => socket.once('connect', done))
  const closed = new Promise((done) => socket.once('close', done))
  socket.on('error', () => undefined)
  await server.close()
  await closed
})

it('refuses an address in use', async () => {
  const state = { alive: () => undefined, ready: () => undefined }
  const server = await serveHealth(free, state)
  try {
    await expect(serveHealth({ ...free, port: Number(server.address.split(':')[1]) }, state)).rejects.toThrow(
      'EADDRINUSE',
    )
  } finally {
    await server.close()
  }
})
