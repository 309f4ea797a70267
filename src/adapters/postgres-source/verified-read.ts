import type { Client } from 'pg'
import { SourceCountDiffers } from '../../errors/source-count-differs.ts'
import type { OpenedSource, ReadRequest } from '../../ports/source-reader.ts'
import { copyOut, countPlanned, planCopy } from './copy-out.ts'

/** Work on a connection of the snapshot, when one is free. */
type Use = <T>(work: (client: Client) => Promise<T>, signal: AbortSignal | undefined) => Promise<T>

/**
 * Reads the rows of a request, and has the server count them in the same snapshot: beside the reading where another connection is
 * allowed, else after it.
 *
 * @throws SourceCountDiffers
 */
export async function readVerified(
  use: Use,
  request: ReadRequest,
  onProgress: (rowsDone: number) => void,
  signal: AbortSignal | undefined,
): Promise<OpenedSource> {
  const plan = await use((client) => planCopy(client, request), signal)
  if (!request.source.verifyCount) return use((client) => copyOut(client, plan, request, onProgress, signal), signal)
  // A count that nobody needs any more is stopped; a reading never is, because its connection may hold the snapshot.
  const stop = new AbortController()
  const reading = use((client) => copyOut(client, plan, request, onProgress, signal), signal)
  const counting = use(
    (client) => countPlanned(client, plan),
    signal ? AbortSignal.any([signal, stop.signal]) : stop.signal,
  )
  reading.catch((error: unknown) => stop.abort(error))
  const [read, counted] = await Promise.allSettled([reading, counting])
  if (read.status === 'rejected') throw read.reason
  if (counted.status === 'rejected') throw counted.reason
  assertCounted(request.sourceName, read.value.deliveredRows!, counted.value)
  return read.value
}

function assertCounted(sourceName: string, delivered: number, counted: number): void {
  if (delivered === counted) return
  throw new SourceCountDiffers(
    `Source ${sourceName} gave ${delivered} rows, and the server counts ${counted} of them in the same snapshot.`,
    `It is tried again. If it goes on, its query gives other rows each time (random(), now(), a foreign table): correct it, or set sources.${sourceName}.verifyCount to false.`,
  )
}
