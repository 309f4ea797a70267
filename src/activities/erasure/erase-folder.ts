import { createHash, randomUUID } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { rm, stat } from 'node:fs/promises'
import { extname, join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { ConnectionFailed } from '../../errors/connection-failed.ts'
import type { ComputeSession } from '../../ports/compute-engine.ts'
import type { ErasablePlace } from '../../ports/erasable-place.ts'
import type { StoredObject } from '../../run/sweep-plan.ts'
import { copyWithout, findRows } from './customer-rows.ts'
import { readManifests, type StoredFolder } from './stored-folders.ts'
import type { RewrittenFile, StoredLayout } from './stored-layout.ts'

/** A file that no manifest names is what a dead attempt left, unless it is younger: then its attempt may still commit it. */
const IN_FLIGHT_MS = 60 * 60 * 1000
const REVISE_TRIES = 5

/** What erasing works with. */
export interface ErasureTools {
  readonly place: ErasablePlace
  readonly layout: StoredLayout
  /** Has table `wanted`. */
  readonly session: ComputeSession
  readonly scratchPath: string
  readonly buckets: ReadonlySet<number>
  readonly signal: AbortSignal
}

export interface ErasedFolder {
  readonly rows: number
  /** Addresses of files that were changed or removed. */
  readonly uris: readonly string[]
  /** Files with rows of the customers that may still be committed. */
  readonly inFlight: readonly string[]
}

/**
 * Takes rows out of the files of one folder. New files come under new names, then the manifests name them, then the old ones go: whoever
 * reads by a manifest has either all as it was, or all without the customers. May stop anywhere and begin again.
 */
export async function eraseFolder(tools: ErasureTools, folder: StoredFolder): Promise<ErasedFolder> {
  const { place, layout, session, scratchPath, buckets, signal } = tools
  const manifests = (await readManifests(place, folder)).map(({ manifest }) => manifest)
  const named = new Set(manifests.flatMap((manifest) => layout.filesOf(manifest)))
  const rewritten = new Map<string, RewrittenFile>()
  const orphans: string[] = []
  const inFlight: string[] = []
  let rows = 0
  for (const [path, object] of folder.files) {
    signal.throwIfAborted()
    if (!layout.mayHold(path, manifests, buckets)) continue
    const local = localName(scratchPath, path)
    if (!(await place.fetchFile(object, local))) continue
    const found = await findRows(session, local)
    if (found) {
      rows += found.rows
      if (!named.has(path)) (isYoung(object) ? inFlight : orphans).push(object.uri)
      else {
        const target = localName(scratchPath, path)
        const copied = await copyWithout(session, local, target)
        const sha256 = await sha256Of(target)
        const name = layout.rename(path, sha256)
        await place.sendFile(layout.uriOf(folder.uri, name), target)
        const { size: bytes } = await stat(target)
        const { rows: erasedRows, customerIds } = found
        rewritten.set(path, { ...copied, name, bytes, sha256, erasedRows, customerIds })
        await rm(target)
      }
    }
    await rm(local, { force: true })
  }
  if (rewritten.size > 0) await reviseManifests(tools, folder, rewritten)
  const replaced = [...rewritten.keys()].map((path) => layout.uriOf(folder.uri, path))
  const isWhole = manifests.length > 0 && folder.manifests.includes('manifest.json')
  const spent = isWhole && rewritten.size > 0 ? folder.spent.map((path) => `${folder.uri}/${path}`) : []
  await place.removeForGood([...replaced, ...orphans, ...spent])
  return { rows, uris: [...replaced, ...orphans, ...inFlight], inFlight }
}

async function reviseManifests(
  { place, layout }: ErasureTools,
  folder: StoredFolder,
  rewritten: ReadonlyMap<string, RewrittenFile>,
): Promise<void> {
  for (let left = REVISE_TRIES; left > 0; left -= 1) {
    let isDone = true
    for (const { uri, version, manifest } of await readManifests(place, folder)) {
      if (!layout.filesOf(manifest).some((name) => rewritten.has(name))) continue
      const text = `${JSON.stringify(layout.revise(manifest, rewritten), null, layout.indent)}\n`
      if (!(await place.replaceDocument(uri, text, version))) isDone = false
    }
    if (isDone) return
  }
  throw new ConnectionFailed(
    `The manifests of ${folder.uri} were replaced again and again by somebody else.`,
    'It is tried again.',
  )
}

/** A new name each time: the engine remembers by its name what a file was like. */
export function localName(scratchPath: string, path: string): string {
  return join(scratchPath, `${randomUUID()}${extname(path)}`)
}

function isYoung({ modifiedAt }: StoredObject): boolean {
  return Date.now() - Date.parse(modifiedAt) < IN_FLIGHT_MS
}

async function sha256Of(path: string): Promise<string> {
  const hash = createHash('sha256')
  await pipeline(createReadStream(path), hash)
  return hash.digest('hex')
}
