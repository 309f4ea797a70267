import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface ReceivedBatch {
  readonly key: string
  readonly headers: IncomingMessage['headers']
  readonly text: string
  readonly body: WebhookBody
}

export interface WebhookBody {
  readonly run: string
  readonly kind: string
  readonly batch: number
  readonly batches: number
  readonly events: readonly {
    readonly id: string
    readonly event: string
    readonly customer_id: string
    readonly from_segment_key: string | null
    readonly to_segment_key: string | null
  }[]
}

/** What the receiver does with a request; `take` answers 200. */
export type Reaction =
  'take' | 'drop' | 'hang' | 'take-then-drop' | { readonly status: number; readonly headers?: Record<string, string> }

/** A receiver of webhooks that reacts as it is told, request by request; afterwards it takes everything. */
export class WebhookServer {
  /** Batches that were taken, also those whose sender did not hear of it. */
  readonly taken: ReceivedBatch[] = []
  /** Every request that arrived. */
  readonly arrived: ReceivedBatch[] = []
  /** Reaction to the next requests, the first one first. */
  reactions: Reaction[] = []
  /** Where there is none: what it always does. */
  always: Reaction = 'take'
  private readonly server: Server

  private constructor(server: Server) {
    this.server = server
  }

  static async open(): Promise<WebhookServer> {
    const server = createServer()
    const receiver = new WebhookServer(server)
    server.on('request', (request, response) => void receiver.receive(request, response))
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
    return receiver
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/segments`
  }

  /** Where each customer is, as the receiver knows, every batch counted once by its key. */
  get members(): Map<string, string> {
    const members = new Map<string, string>()
    const known = new Set<string>()
    for (const { key, body } of this.taken) {
      if (known.has(key)) continue
      known.add(key)
      for (const { customer_id: id, to_segment_key: segment } of body.events)
        if (segment === null) members.delete(id)
        else members.set(id, segment)
    }
    return members
  }

  async close(): Promise<void> {
    this.server.closeAllConnections()
    await new Promise((done) => this.server.close(done))
  }

  private async receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const text = Buffer.concat(chunks).toString()
    const batch = {
      key: String(request.headers['idempotency-key']),
      headers: request.headers,
      text,
      body: JSON.parse(text) as WebhookBody,
    }
    this.arrived.push(batch)
    const reaction = this.reactions.shift() ?? this.always
    if (reaction === 'take' || reaction === 'take-then-drop') this.taken.push(batch)
    if (reaction === 'hang') return
    if (reaction === 'drop' || reaction === 'take-then-drop') request.socket.destroy()
    else
      response
        .writeHead(reaction === 'take' ? 200 : reaction.status, reaction === 'take' ? {} : reaction.headers)
        .end('{}')
  }
}
