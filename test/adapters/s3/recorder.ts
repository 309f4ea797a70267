import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface RecordedRequest {
  readonly method: string
  readonly host: string
  /** With the query. */
  readonly path: string
  readonly headers: IncomingHttpHeaders
  readonly bytes: number
}

export interface RecordingS3 {
  readonly endpoint: string
  readonly requests: readonly RecordedRequest[]
  close(): Promise<void>
}

const parts = {
  uploads: '<InitiateMultipartUploadResult><UploadId>u</UploadId></InitiateMultipartUploadResult>',
  uploadId: '<CompleteMultipartUploadResult><ETag>"e"</ETag></CompleteMultipartUploadResult>',
}

type Headers = Readonly<Record<string, string>>

/**
 * Says yes to every request and keeps what was asked: for headers that the embedded server does not look at.
 *
 * @param ofHead headers of the answer to HEAD
 * @param ofPut headers of the answer to PUT
 */
export async function openRecordingS3(ofHead: Headers = {}, ofPut: Headers = {}): Promise<RecordingS3> {
  const requests: RecordedRequest[] = []
  const server = createServer((request, response) => {
    let bytes = 0
    request.on('data', (chunk: Buffer) => (bytes += chunk.length))
    request.on('end', () => {
      const { method = '', url = '', headers } = request
      requests.push({ method, host: headers.host ?? '', path: url, headers, bytes })
      const [, step] = /[?&](uploads|uploadId)/.exec(url) ?? []
      response.writeHead(200, { etag: '"e"', ...(method === 'HEAD' && ofHead), ...(method === 'PUT' && ofPut) })
      response.end(method === 'POST' && step ? parts[step as keyof typeof parts] : '')
    })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    async close() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}
