import { once } from 'node:events'
import { connect, constants, createSecureServer, type IncomingHttpHeaders, type ServerHttp2Stream } from 'node:http2'
import type { AddressInfo } from 'node:net'
import type { Identity } from './certificates.ts'

/** What Temporal Cloud is for an API key: gRPC behind TLS, and a no for everybody without it. Behind it is the server of the test run. */
export interface ApiKeyFront {
  readonly address: string
  /** The only key that is let in; may be changed at any time. */
  accepted: string
  /** Each authorization that came, with the methods for which it came. */
  readonly seen: Map<string, Set<string>>
  close(): Promise<void>
}

const STATUS_OF_REFUSAL = '7'

export async function openApiKeyFront(
  upstream: string,
  accepted: string,
  { crt, key }: Identity,
): Promise<ApiKeyFront> {
  const behind = connect(`http://${upstream}`)
  const server = createSecureServer({ cert: crt, key })
  const front: ApiKeyFront = {
    accepted,
    seen: new Map(),
    get address() {
      return `localhost:${(server.address() as AddressInfo).port}`
    },
    async close() {
      behind.destroy()
      for (const session of sessions) session.destroy()
      server.close()
      await once(server, 'close')
    },
  }
  const sessions = new Set<{ destroy(): void }>()
  server.on('session', (session) => sessions.add(session))
  server.on('stream', (stream, headers) => {
    const { authorization = '', ':path': path = '' } = headers
    front.seen.set(authorization, (front.seen.get(authorization) ?? new Set()).add(path.split('/').at(-1)!))
    if (authorization === `Bearer ${front.accepted}`) return forward(stream, headers)
    stream.respond(
      { 'content-type': 'application/grpc', 'grpc-status': STATUS_OF_REFUSAL, 'grpc-message': 'Request unauthorized.' },
      { endStream: true },
    )
  })

  function forward(stream: ServerHttp2Stream, { ':authority': _, ...headers }: IncomingHttpHeaders): void {
    const request = behind.request(headers)
    let trailers: IncomingHttpHeaders = {}
    request.on('trailers', (came) => (trailers = came))
    request.on('response', (came, flags) => {
      if (stream.destroyed) return
      const isAll = (flags & constants.NGHTTP2_FLAG_END_STREAM) !== 0
      stream.respond(came, isAll ? { endStream: true } : { waitForTrailers: true })
    })
    stream.on('wantTrailers', () => stream.sendTrailers(trailers))
    // Long polls are given up by either side.
    stream.on('error', () => request.close())
    stream.on('close', () => request.close())
    request.on('error', () => stream.destroy())
    stream.pipe(request)
    request.pipe(stream)
  }

  server.listen(0)
  await once(server, 'listening')
  return front
}
