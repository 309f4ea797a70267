import { once } from 'node:events'
import { createServer, request, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** What happens to a request on its way. */
export type Trouble = 'none' | 'throttled' | 'truncated' | 'broken' | 'forbidden' | 'slow'

/** How long a slow answer takes. */
const SLOW_MS = 250

const refusals: Readonly<Partial<Record<Trouble, { readonly status: number; readonly code: string }>>> = {
  throttled: { status: 503, code: 'SlowDown' },
  broken: { status: 500, code: 'InternalError' },
  forbidden: { status: 403, code: 'AccessDenied' },
}

export interface TroubledS3 {
  readonly endpoint: string
  /** What happened to requests so far. */
  readonly happened: Readonly<Record<Trouble, number>>
  close(): Promise<void>
}

/**
 * Stands in front of an S3 server and passes requests on as they are, or spoils the answer.
 *
 * @param choose asked for each request, with the path and how often it came before
 * @param tellsChecksums of what it got; servers that don't are asked for it
 */
export async function openTroubledS3(
  server: string,
  choose: (method: string, path: string, before: number) => Trouble | Promise<Trouble>,
  tellsChecksums = true,
): Promise<TroubledS3> {
  const { hostname, port } = new URL(server)
  const came = new Map<string, number>()
  const happened = { none: 0, throttled: 0, truncated: 0, broken: 0, forbidden: 0, slow: 0 }
  const proxy = createServer(async (incoming, outgoing) => {
    const { method = 'GET', url = '/' } = incoming
    const asked = `${method} ${url.replace(/\?.*$/, '')}`
    const before = came.get(asked) ?? 0
    came.set(asked, before + 1)
    const trouble = await choose(method, url, before)
    happened[trouble]++
    const refusal = refusals[trouble]
    if (refusal) {
      incoming.resume()
      outgoing.writeHead(refusal.status).end(`<Error><Code>${refusal.code}</Code></Error>`)
      return
    }
    // The signature covers the host that the client asked for: headers go on unchanged.
    const onward = request({ hostname, port, method, path: url, headers: incoming.headers }, (answer) => {
      if (method === 'PUT' && !tellsChecksums)
        for (const name of Object.keys(answer.headers))
          if (name.startsWith('x-amz-checksum')) delete answer.headers[name]
      passOn(answer, outgoing, trouble === 'truncated')
    })
    onward.on('error', () => outgoing.destroy())
    setTimeout(() => incoming.pipe(onward), trouble === 'slow' ? SLOW_MS : 0)
  })
  proxy.listen(0, '127.0.0.1')
  await once(proxy, 'listening')
  return {
    endpoint: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`,
    happened,
    async close() {
      proxy.closeAllConnections()
      proxy.close()
      await once(proxy, 'close')
    },
  }
}

function passOn(answer: IncomingMessage, outgoing: ServerResponse, isTruncated: boolean): void {
  outgoing.writeHead(answer.statusCode!, answer.headers)
  // Nothing to cut off: the connection breaks before the answer is whole.
  if (isTruncated) answer.once('end', () => outgoing.destroy())
  if (!isTruncated) {
    answer.pipe(outgoing)
    return
  }
  answer.once('data', (chunk: Buffer) => {
    answer.destroy()
    outgoing.write(chunk.subarray(0, chunk.length >> 1), () => outgoing.destroy())
  })
}
