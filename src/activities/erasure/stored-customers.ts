import { rm } from 'node:fs/promises'
import { ErasureUnfinished } from '../../errors/erasure-unfinished.ts'
import type { Scratch } from '../../ports/artifact-store.ts'
import type { ComputeEngine } from '../../ports/compute-engine.ts'
import type { CustomerStore, ErasedRows, HeldRow } from '../../ports/customer-store.ts'
import type { ErasablePlace, OldVersion } from '../../ports/erasable-place.ts'
import { findRows, nameWanted, readRows, wantedBuckets } from './customer-rows.ts'
import { eraseFolder, localName, type ErasureTools } from './erase-folder.ts'
import { readManifests, sortFolders } from './stored-folders.ts'
import type { StoredLayout } from './stored-layout.ts'

const HOUR_MS = 60 * 60 * 1000

export interface StoredFiles {
  /** What people call it: `artifacts in s3://lake-artifacts`. */
  readonly name: string
  readonly place: ErasablePlace
  readonly layout: StoredLayout
  /** Below the root of the place; ends with a slash, or is empty. */
  readonly prefix: string
  readonly engine: ComputeEngine
  readonly openScratch: (label: string) => Promise<Scratch>
}

/** Files of rows, whose manifests say which of them count, as a place that holds customers. */
export function makeStoredCustomers(files: StoredFiles): CustomerStore {
  return {
    name: files.name,
    async *find(customerIds, signal) {
      const { tools, close } = await openTools(files, customerIds, signal)
      try {
        yield* findEverywhere(files, tools)
      } finally {
        await close()
      }
    },
    async erase(customerIds, signal) {
      const { tools, close } = await openTools(files, customerIds, signal)
      try {
        return await eraseEverywhere(files, tools)
      } finally {
        await close()
      }
    },
  }
}

async function openTools(
  { place, layout, engine, openScratch }: StoredFiles,
  customerIds: readonly string[],
  signal: AbortSignal,
): Promise<{ readonly tools: ErasureTools; close(): Promise<void> }> {
  const scratch = await openScratch('erasure')
  const session = await engine.open({ scratchPath: scratch.path, signal })
  await nameWanted(session, customerIds)
  const buckets = await wantedBuckets(session)
  return {
    tools: { place, layout, session, scratchPath: scratch.path, buckets, signal },
    async close() {
      await session.close()
      await scratch.close()
    },
  }
}

async function* findEverywhere({ place, layout, prefix }: StoredFiles, tools: ErasureTools): AsyncIterable<HeldRow> {
  for (const folder of sortFolders(await place.list(prefix), layout)) {
    const manifests = (await readManifests(place, folder)).map(({ manifest }) => manifest)
    for (const [path, { uri }] of folder.files)
      if (layout.mayHold(path, manifests, tools.buckets))
        for (const row of (await lookInto(tools, { uri }, readRows)) ?? []) yield { ...row, where: uri }
  }
  for (const version of await place.listOldVersions(prefix))
    if (layout.hasRows(version.uri))
      for (const row of (await lookInto(tools, version, readRows)) ?? [])
        yield { ...row, where: `${version.uri} (version ${version.versionId})` }
}

async function eraseEverywhere({ place, layout, prefix }: StoredFiles, tools: ErasureTools): Promise<ErasedRows> {
  const places: string[] = []
  const inFlight: string[] = []
  let rows = 0
  for (const folder of sortFolders(await place.list(prefix), layout)) {
    const erased = await eraseFolder(tools, folder)
    rows += erased.rows
    places.push(...erased.uris)
    inFlight.push(...erased.inFlight)
  }
  const old: OldVersion[] = []
  for (const version of await place.listOldVersions(prefix)) {
    const found = layout.hasRows(version.uri) ? await lookInto(tools, version, findRows) : undefined
    if (!found) continue
    rows += found.rows
    old.push(version)
  }
  await place.removeOldVersions(old)
  for (const upload of await place.listUploads(prefix))
    if (Date.now() - Date.parse(upload.startedAt) > HOUR_MS) await place.abortUpload(upload)
  if (inFlight.length > 0)
    throw new ErasureUnfinished(
      `${inFlight.length} files with rows of these customers were written within the last hour and belong to nothing yet, ${inFlight[0]!} among others: a run is under way.`,
      'It is tried again until the run has taken them or they are an hour old; then they are erased as all others.',
    )
  return { rows, places: [...places, ...old.map(({ uri }) => uri)] }
}

/** Brings a file to the worker's disk for one look. */
async function lookInto<T>(
  { place, session, scratchPath, signal }: ErasureTools,
  object: { readonly uri: string; readonly versionId?: string },
  look: (session: ErasureTools['session'], path: string) => Promise<T>,
): Promise<T | undefined> {
  signal.throwIfAborted()
  const local = localName(scratchPath, object.uri)
  if (!(await place.fetchFile(object, local))) return undefined
  try {
    return await look(session, local)
  } finally {
    await rm(local, { force: true })
  }
}
