import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'
import pg from 'pg'

/**
 * What happens at a step: the connection breaks before the server hears of it, or after it is done and before we hear of it; the server
 * ends the connection; it refuses the step with a SQLSTATE; or it is gone from then on.
 */
export type PostgresTrouble = 'cut' | 'cut-after' | 'terminated' | 'down' | SqlState
/** 53100 disk full, 57014 statement time-out, 55P03 lock time-out, 40P01 deadlock. */
export type SqlState = '53100' | '57014' | '55P03' | '40P01'

export interface TroubledPostgres {
  readonly url: string
  close(): Promise<void>
}

/** Before the answer that the server is ready, a client's bytes are those of the start. */
const READY = 'Z'
const KEY = 'K'
const HEADER = 5

/**
 * Stands in front of a Postgres and passes everything on, or lets trouble happen at a step. Steps are statements, the first rows of a COPY,
 * and its end, of all connections.
 *
 * @param choose asked at each step, before the server hears of it
 */
export async function openTroubledPostgres(
  server: string,
  choose: (step: string) => PostgresTrouble | undefined | Promise<PostgresTrouble | undefined>,
): Promise<TroubledPostgres> {
  const open = new Set<Socket>()
  const state = { isDown: false }
  const proxy = createServer((client) => {
    if (state.isDown) return void client.resetAndDestroy()
    for (const socket of passOn(client, server, choose, state)) {
      open.add(socket)
      socket.on('close', () => open.delete(socket))
    }
  })
  proxy.listen(0, '127.0.0.1')
  await once(proxy, 'listening')
  const url = new URL(server)
  url.hostname = '127.0.0.1'
  url.port = String((proxy.address() as AddressInfo).port)
  return {
    url: url.href,
    async close() {
      for (const socket of open) socket.destroy()
      proxy.close()
      await once(proxy, 'close')
    },
  }
}

type Choose = Parameters<typeof openTroubledPostgres>[1]

function passOn(client: Socket, serverUrl: string, choose: Choose, state: { isDown: boolean }): readonly Socket[] {
  const { hostname, port } = new URL(serverUrl)
  const server = connect({ host: hostname, port: Number(port) })
  const both = [client, server]
  const breakOff = (): void => both.forEach((socket) => socket.resetAndDestroy())
  for (const socket of both) socket.on('error', breakOff).on('close', breakOff).setNoDelay(true)

  let processId = 0
  let isStarted = false
  /** The answer is not passed on; when it is whole, the connection breaks. */
  let swallows = false
  /** The SQLSTATE that the server's refusal of a COPY gets: it knows one of its own only. */
  let refusedWith: SqlState | undefined
  /** What the client still sends of a step that the server never hears of. */
  let skips = ''
  let copies = false

  eachMessage(server, false, (type, message) => {
    if (type === KEY) processId = message.readInt32BE(HEADER)
    if (type === READY) isStarted = true
    // Copy in: rows are what comes next.
    if (type === 'G') copies = true
    if (type === 'E' && refusedWith) {
      message = withCode(message, refusedWith)
      refusedWith = undefined
    }
    if (!swallows) client.write(message)
    // A server that waits for rows has done what was asked of it.
    else if (type === READY || type === 'G') breakOff()
  })

  const steps = eachMessage(client, true, async (type, message) => {
    if (type !== '' && skips.includes(type)) {
      if (type === 'S') {
        skips = ''
        server.write(raise(refusedWith!))
        refusedWith = undefined
      }
      return
    }
    const step = isStarted ? stepOf(type, message, copies) : undefined
    if (type === 'd' || type === 'c') copies = false
    if (type === 'Q' || type === 'P') skips = ''
    const trouble = step === undefined ? undefined : await choose(step)
    switch (trouble) {
      case undefined:
        server.write(message)
        return
      case 'down':
        state.isDown = true
        return breakOff()
      case 'cut':
        return breakOff()
      case 'cut-after':
        swallows = true
        server.write(message)
        // The server answers rows when they have ended.
        if (type === 'd') setImmediate(breakOff)
        return
      case 'terminated':
        await terminate(serverUrl, processId)
        server.write(message)
        return
      default:
        refusedWith = trouble
        if (type === 'Q') {
          server.write(raise(trouble))
          refusedWith = undefined
        } else if (type === 'P') skips = 'BDEHS'
        else {
          server.write(toMessage('f', Buffer.from('refused\0')))
          skips = 'dcf'
        }
    }
  })
  client.on('close', () => steps.stop())
  return both
}

/** Calls `take` with each whole message, one after the other. */
function eachMessage(
  socket: Socket,
  isClient: boolean,
  take: (type: string, message: Buffer) => void | Promise<void>,
): { stop: () => void } {
  let rest = Buffer.alloc(0)
  let isFirst = isClient
  let isStopped = false
  let previous = Promise.resolve()
  socket.on('data', (chunk: Buffer) => {
    rest = Buffer.concat([rest, chunk])
    for (;;) {
      // The first message of a client has no type.
      const start = isFirst ? 0 : 1
      if (rest.length < start + 4) return
      const size = start + rest.readInt32BE(start)
      if (rest.length < size) return
      const message = rest.subarray(0, size)
      const type = isFirst ? '' : String.fromCharCode(message[0]!)
      rest = rest.subarray(size)
      isFirst = false
      if (isClient) previous = previous.then(() => (isStopped ? undefined : take(type, message)))
      else void take(type, message)
    }
  })
  return { stop: () => (isStopped = true) }
}

function stepOf(type: string, message: Buffer, copies: boolean): string | undefined {
  if (type === 'Q') return textOf(message, HEADER)
  // The name of the statement comes first, and is empty.
  if (type === 'P') return textOf(message, message.indexOf(0, HEADER) + 1)
  if (type === 'd' && copies) return 'first rows'
  if (type === 'c') return 'end of rows'
  return undefined
}

function textOf(message: Buffer, from: number): string {
  return message.toString('utf8', from, message.indexOf(0, from)).replaceAll(/\s+/g, ' ').trim()
}

async function terminate(server: string, processId: number): Promise<void> {
  const admin = new pg.Client({ connectionString: server })
  await admin.connect()
  await admin.query('select pg_terminate_backend($1, 10000)', [processId])
  await admin.end()
}

/** The server itself refuses, so that its transaction is what it would be. */
function raise(code: SqlState): Buffer {
  return toMessage('Q', Buffer.from(`do $$begin raise exception 'trouble' using errcode = '${code}'; end$$\0`))
}

function toMessage(type: string, body: Buffer): Buffer {
  const message = Buffer.alloc(HEADER + body.length)
  message.write(type)
  message.writeInt32BE(body.length + 4, 1)
  body.copy(message, HEADER)
  return message
}

/** An error is a row of fields, each a letter and a text. */
function withCode(message: Buffer, code: SqlState): Buffer {
  const fields = message.toString('latin1', HEADER).split('\0')
  return toMessage(
    'E',
    Buffer.from(fields.map((field) => (field.startsWith('C') ? `C${code}` : field)).join('\0'), 'latin1'),
  )
}
