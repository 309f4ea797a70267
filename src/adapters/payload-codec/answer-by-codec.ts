import { createHash, timingSafeEqual } from 'node:crypto'
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import type { PayloadCodec } from '@temporalio/common'
import { PayloadNotReadable } from '../../errors/payload-not-readable.ts'
import { fromJson, parsePayloads, type PayloadsJson, toJson } from './payload-json.ts'

export interface CodecServerOptions {
  readonly codec: PayloadCodec
  /** Origins whose pages may ask, `https://temporal.acme.example`: without one no browser is answered. */
  readonly origins: readonly string[]
  /** Browsers send their cookies along, for a proxy in front that goes by them. */
  readonly allowCredentials: boolean
  /** Who asks has to give it as `Authorization: Bearer …`. Undefined: nobody has to. */
  readonly token: string | undefined
  /** Told of each refusal in words that hold no payload and no token. */
  readonly onRefusal: (what: string) => void
}

interface Answer {
  readonly status: number
  readonly body: string | PayloadsJson
}

/** What a page may send beside the body: whose payloads they are, and who asks. */
const HEADERS = 'authorization, content-type, x-namespace'
/** gRPC takes messages of 4 MB; Base64 makes a third more of them, and a page may ask for several at once. */
const MOST_BYTES = 16 * 1024 * 1024

/**
 * Temporal's codec server protocol: `POST /decode` and `/encode` take and give `{"payloads": […]}`. Which namespace asks makes no
 * difference: the keys are those of this process.
 */
export function answerByCodec(options: CodecServerOptions): RequestListener {
  return (request, response) => {
    answer(request, options)
      .then((answered) => send(response, request, answered, options))
      // Whoever asked has gone.
      .catch(() => response.destroy())
  }
}

async function answer(
  request: IncomingMessage,
  { codec, origins, token, onRefusal }: CodecServerOptions,
): Promise<Answer> {
  const refuse = (status: number, body: string): Answer => {
    onRefusal(`${request.method ?? ''} ${pathOf(request)}: ${status}, ${body}`)
    return { status, body }
  }
  const { origin } = request.headers
  // Also without preflight, and after a name was bound to this address: every POST of a page has its origin.
  if (origin !== undefined && !origins.includes(origin))
    return refuse(403, `Pages of ${origin} may not ask here: name it by --origin.`)
  if (request.method === 'OPTIONS') return { status: 204, body: '' }
  const act = { '/decode': codec.decode, '/encode': codec.encode }[pathOf(request)]
  if (!act) return refuse(404, 'POST to /decode or /encode.')
  if (request.method !== 'POST') return refuse(405, 'POST to it.')
  if (token !== undefined && !isSame(request.headers.authorization ?? '', `Bearer ${token}`))
    return refuse(401, 'The token of this codec server is wanted, as Authorization: Bearer.')
  const text = await readBody(request)
  if (text === undefined) return refuse(413, `More than ${MOST_BYTES} bytes came.`)
  const asked = parsePayloads(text)
  if (!asked) return refuse(400, 'Wanted is JSON as {"payloads": [{"metadata": {…}, "data": "…"}]}.')
  const payloads = asked.payloads.map(fromJson)
  try {
    const done = await act.call(codec, payloads)
    // What was left as it is goes back as it came.
    return {
      status: 200,
      body: { payloads: done.map((one, at) => (one === payloads[at] ? asked.payloads[at]! : toJson(one))) },
    }
  } catch (error) {
    if (error instanceof PayloadNotReadable) return refuse(422, error.message)
    return refuse(500, `It failed: ${error instanceof Error ? error.name : 'unknown'}.`)
  }
}

function send(
  response: ServerResponse,
  { headers: { origin } }: IncomingMessage,
  { status, body }: Answer,
  { origins, allowCredentials }: CodecServerOptions,
): void {
  const isText = typeof body === 'string'
  response.writeHead(status, {
    'content-type': isText ? 'text/plain; charset=utf-8' : 'application/json',
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    vary: 'Origin',
    // A body that is too large is not read to its end.
    ...(status === 413 && { connection: 'close' }),
    ...(origin !== undefined &&
      origins.includes(origin) && {
        'access-control-allow-origin': origin,
        'access-control-allow-methods': 'POST, OPTIONS',
        'access-control-allow-headers': HEADERS,
        // A page from the internet that asks a server on the same machine (Private Network Access).
        'access-control-allow-private-network': 'true',
        ...(allowCredentials && { 'access-control-allow-credentials': 'true' }),
      }),
  })
  response.end(isText ? body && `${body}\n` : JSON.stringify(body))
}

function pathOf({ url = '/' }: IncomingMessage): string {
  return new URL(url, 'http://codec').pathname
}

/** In a time that says nothing of where they differ. */
function isSame(given: string, wanted: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(given), digest(wanted))
}

/** @returns undefined: it is too long */
async function readBody(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of request) {
    length += (chunk as Buffer).length
    if (length > MOST_BYTES) return undefined
    chunks.push(chunk as Buffer)
  }
  return Buffer.concat(chunks).toString()
}
