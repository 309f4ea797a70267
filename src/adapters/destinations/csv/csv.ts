import { createWriteStream, type WriteStream } from 'node:fs'
import { once } from 'node:events'
import { finished } from 'node:stream/promises'
import { join } from 'node:path'
import type { ActivationDestination, Delivery, Effect } from '../../../ports/activation.ts'
import { formatRunId } from '../../../run/run-key.ts'

/** Where files go; what S3 does with them is its adapter's business. */
export interface FileTarget {
  /** Whole or not at all. */
  sendFile(
    key: string,
    localPath: string,
    contentType: string,
    signal?: AbortSignal,
  ): Promise<{ readonly bytes: number; readonly sha256: string }>
  /** Replaces what is there. */
  replaceDocument(key: string, text: string): Promise<void>
  close(): void
}

export interface CsvOptions {
  readonly files: FileTarget
  /** Ends with a slash: `dev/shop/audiences/`. */
  readonly folder: string
  /** Name of the last column; null: there is none. */
  readonly channel: string | null
}

interface SegmentFile {
  readonly segmentKey: string
  readonly name: string
  readonly path: string
  readonly localPath: string
  rows: number
}

/** One file a segment with everybody in it, then a manifest that names them: a reader that goes by it sees all files of a run or none. */
export function makeCsv({ files, folder, channel }: CsvOptions): ActivationDestination {
  return {
    batchSize: 'all',
    tells: 'members',
    isNew: () => Promise.resolve(false),
    async deliver(delivery, { signal, scratchPath }) {
      const runFolder = `${folder}${delivery.destination}/run=${formatRunId(delivery)}`
      const written = await writeFiles(delivery, scratchPath, channel)
      const sent = []
      for (const { segmentKey, name, path, localPath, rows } of written) {
        const { bytes, sha256 } = await files.sendFile(
          `${runFolder}/${path}`,
          localPath,
          'text/csv; charset=utf-8',
          signal,
        )
        sent.push({ path, segmentKey, name, rows, bytes, sha256 })
      }
      signal.throwIfAborted()
      const { pipeline, runKey, revision, asOf } = delivery
      const manifest = { formatVersion: 1, pipeline, runKey, revision, asOf, files: sent }
      await files.replaceDocument(`${runFolder}/manifest.json`, `${JSON.stringify(manifest, null, 2)}\n`)
      await files.replaceDocument(
        `${folder}${delivery.destination}/latest.json`,
        `${JSON.stringify({ formatVersion: 1, pipeline, runKey, revision, asOf, manifest: `${runFolder}/manifest.json` }, null, 2)}\n`,
      )
    },
    close: () => Promise.resolve(files.close()),
  }
}

/** The effects come by segment, so one file is open at a time. A segment with nobody in it has a file of its heading. */
async function writeFiles(
  delivery: Delivery,
  scratchPath: string,
  channel: string | null,
): Promise<readonly SegmentFile[]> {
  const columns = ['customer_id', 'segment_key', 'segment_name', ...(channel === null ? [] : [channel])]
  const made = new Map<string, SegmentFile>()
  let current: { readonly file: SegmentFile; readonly stream: WriteStream } | undefined
  const begin = async (segmentKey: string, name: string): Promise<NonNullable<typeof current>> => {
    await end(current?.stream)
    const path = `${encodeURIComponent(segmentKey)}.csv`
    const file = { segmentKey, name, path, localPath: join(scratchPath, path), rows: 0 }
    made.set(segmentKey, file)
    const stream = createWriteStream(file.localPath)
    stream.write(toLine(columns))
    return { file, stream }
  }
  const names = new Map(delivery.segments.map(({ segmentKey, name }) => [segmentKey, name]))
  try {
    for await (const effect of delivery.effects()) {
      const key = effect.toSegmentKey!
      if (current?.file.segmentKey !== key) current = await begin(key, names.get(key) ?? key)
      current.file.rows += 1
      if (!current.stream.write(toLine(valuesOf(effect, current.file, channel)))) await once(current.stream, 'drain')
    }
    for (const { segmentKey, name } of delivery.segments)
      if (!made.has(segmentKey)) current = await begin(segmentKey, name)
  } finally {
    await end(current?.stream)
  }
  return [...made.values()].sort((a, b) => (a.segmentKey < b.segmentKey ? -1 : 1))
}

async function end(stream: WriteStream | undefined): Promise<void> {
  if (!stream) return
  stream.end()
  await finished(stream)
}

function valuesOf(effect: Effect, { segmentKey, name }: SegmentFile, channel: string | null): readonly string[] {
  return [effect.customerId, segmentKey, name, ...(channel === null ? [] : [effect.channel ?? ''])]
}

/** RFC 4180, but for the line's end. */
function toLine(values: readonly string[]): string {
  return `${values.map((value) => (/[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value)).join(',')}\n`
}
