import type { Client } from 'pg'
import { SourceCountDiffers } from '../../errors/source-count-differs.ts'
import type { OpenedSource, ReadRequest } from '../../ports/source-reader.ts'
import { copyPart, countPlanned, openParts, planCopy, type CopyPlan } from './copy-out.ts'
import { makeRowCounter } from './row-counter.ts'

/** Work on a connection of the snapshot, when one is free. */
type Use = <T>(work: (client: Client) => Promise<T>, signal: AbortSignal | undefined) => Promise<T>

/**
 * Reads the rows of a request, and has the server count them in the same snapshot: beside the reading where another connection is
 * allowed, else before it.
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
  if (!request.source.verifyCount) return readParts(use, plan, request, onProgress, signal)
  // A count that nobody needs any more is stopped; a reading never is, because its connection may hold the snapshot.
  const stop = new AbortController()
  // First in turn: when it came last, one connection would count while the others had nothing left to read.
  const counting = use(
    (client) => countPlanned(client, plan),
    signal ? AbortSignal.any([signal, stop.signal]) : stop.signal,
  )
  const reading = readParts(use, plan, request, onProgress, signal)
  reading.catch((error: unknown) => stop.abort(error))
  const [read, counted] = await Promise.allSettled([reading, counting])
  if (read.status === 'rejected') throw read.reason
  if (counted.status === 'rejected') throw counted.reason
  assertCounted(request.sourceName, read.value.deliveredRows!, counted.value)
  return read.value
}

/** Reads the parts of a plan through as many connections as are allowed; after a failure no further part is begun. */
async function readParts(
  use: Use,
  plan: CopyPlan,
  request: ReadRequest,
  onProgress: (rowsDone: number) => void,
  signal: AbortSignal | undefined,
): Promise<OpenedSource> {
  let failure: unknown
  const count = makeRowCounter(onProgress)
  const settled = await Promise.allSettled(
    plan.parts.map((_, part) =>
      use(async (client) => {
        if (failure !== undefined) throw failure
        return copyPart(client, plan, part, request, count, signal)
      }, signal).catch((error: unknown) => {
        throw (failure ??= error)
      }),
    ),
  )
  const copied = settled.map((outcome) => {
    if (outcome.status === 'rejected') throw outcome.reason
    return outcome.value
  })
  return openParts(plan, copied)
}

function assertCounted(sourceName: string, delivered: number, counted: number): void {
  if (delivered === counted) return
  throw new SourceCountDiffers(
    `Source ${sourceName} gave ${delivered} rows, and the server counts ${counted} of them in the same snapshot.`,
    `It is tried again. If it goes on, its query gives other rows each time (random(), now(), a foreign table): correct it, or set sources.${sourceName}.verifyCount to false.`,
  )
}
