import { rm } from 'node:fs/promises'
import { extname, join } from 'node:path'
import { ConnectionFailed } from '../../errors/connection-failed.ts'
import { PermissionDenied } from '../../errors/permission-denied.ts'
import { PublishConflict } from '../../errors/publish-conflict.ts'
import { atOnce } from '../../run/at-once.ts'
import { formatRunId } from '../../run/run-key.ts'
import { Bucket } from './bucket.ts'
import { contentTypeOf } from './content-type.ts'
import { isOfOtherResult, makeRunFiles } from './run-files.ts'
import type { LatestRun, ManifestFile, RunManifest } from './run-manifest.ts'
import { CONTRACT_VERSION, fileTables, type FileTableName } from '../../run/file-tables.ts'
import type { BucketOptions } from './bucket.ts'
import type { ComputeSession } from '../../ports/compute-engine.ts'
import type { FetchedRun, ObjectDestination, Publication, ShownRun } from '../../ports/destination.ts'

/** Uploads keep some memory each, and mostly wait. */
const SENT_AT_ONCE = 4

export interface S3Objects extends ObjectDestination {
  close(): void
}

/** Runs as objects under `<prefix>/<pipeline>/`. Opens no connection before it is used. */
export function makeS3Objects(options: BucketOptions): S3Objects {
  const bucket = new Bucket(options)
  return {
    async writeRun(session, publication, scratchPath, signal) {
      const folder = folderOf(publication)
      const manifestKey = `${folder}/manifest.json`
      const written =
        (await readManifest(bucket, manifestKey)) ??
        (await writeFiles(bucket, session, publication, scratchPath, signal))
      await removeOthers(bucket, folder, written.digest)
      if (written.digest !== publication.digest)
        throw new PublishConflict(
          `${bucket.uri(manifestKey)} holds another result of ${formatRunId(publication.plan)} (digest ${written.digest}, now ${publication.digest}).`,
          'Start the next revision: published files are never changed.',
        )
      return bucket.uri(manifestKey)
    },
    fetchRun: (run, scratchPath, signal) => fetchRun(bucket, runFolder(run), scratchPath, signal),
    async writePage(run, name, localPath, signal) {
      const key = `${runFolder(run)}/${name}`
      await bucket.sendFile(key, localPath, contentTypeOf(name), signal)
      return bucket.uri(key)
    },
    async hasRun(run) {
      const manifest = await readManifest(bucket, `${runFolder(run)}/manifest.json`)
      return manifest?.digest === run.digest
    },
    async pointLatest(run, shownSince) {
      const key = `${pipelineFolder(run)}/latest.json`
      for (;;) {
        const found = await bucket.readDocument(key)
        if (found && !wasShownBefore(JSON.parse(found.text) as LatestRun, run, shownSince)) return
        if (await bucket.writeDocument(key, toText(describeLatest(run, shownSince)), found?.etag)) return
      }
    },
    close: () => bucket.close(),
  }
}

async function fetchRun(
  bucket: Bucket,
  folder: string,
  scratchPath: string,
  signal: AbortSignal | undefined,
): Promise<FetchedRun | undefined> {
  const manifest = await readManifest(bucket, `${folder}/manifest.json`)
  if (!manifest) return undefined
  const memberships: string[] = []
  const damaged: string[] = []
  for (const [index, { path, sha256, table }] of manifest.files.entries()) {
    const localPath = join(scratchPath, `published-${index}${extname(path)}`)
    const fetched = await bucket.fetchToFile({ key: `${folder}/${path}` }, localPath, { signal })
    if (fetched?.sha256 !== sha256) damaged.push(path)
    else if (table === 'memberships') memberships.push(localPath)
    else await rm(localPath)
  }
  return { digest: manifest.digest, memberships, files: manifest.files.length, damaged }
}

async function readManifest(bucket: Bucket, key: string): Promise<RunManifest | undefined> {
  const found = await bucket.readDocument(key)
  return found && (JSON.parse(found.text) as RunManifest)
}

/** @returns the manifest that counts, which is another attempt's when that was first */
async function writeFiles(
  bucket: Bucket,
  session: ComputeSession,
  publication: Publication,
  scratchPath: string,
  signal: AbortSignal | undefined,
): Promise<RunManifest> {
  const folder = folderOf(publication)
  const key = `${folder}/manifest.json`
  const made = await makeRunFiles(session, publication, scratchPath)
  const files = await atOnce(SENT_AT_ONCE, made, async ({ path, localPath, contentType, table, rows }) => {
    const sent = await bucket.sendFile(`${folder}/${path}`, localPath, contentType, signal)
    return { path, table, ...sent, rows }
  })
  const manifest = describeRun(publication, files)
  signal?.throwIfAborted()
  if (await bucket.writeDocument(key, toText(manifest))) return manifest
  const winner = await readManifest(bucket, key)
  if (winner) return winner
  throw new ConnectionFailed(
    `${bucket.uri(key)} was being written by somebody else, who did not finish.`,
    'It is tried again.',
  )
}

/**
 * Removes the files of other results from a run's folder once it has a manifest, for those who read by folder. Every writer does so when
 * it knows the winner, the one that lost as well: a file that comes after this one's look is removed by the one that sent it.
 */
async function removeOthers(bucket: Bucket, folder: string, digest: string): Promise<void> {
  try {
    const files = await bucket.list(`${folder}/**`)
    const others = files.filter(({ key }) => isOfOtherResult(key, digest)).map(({ key }) => key)
    if (others.length > 0) await bucket.remove(others)
  } catch (error) {
    // A bucket may forbid listing or deleting; who reads by the manifest is not concerned.
    if (!(error instanceof PermissionDenied)) throw error
  }
}

/** What the warehouse showed later counts, also when it looks from earlier: somebody rolled back. */
function wasShownBefore(latest: LatestRun, run: ShownRun, shownSince: string): boolean {
  if (latest.shownSince !== undefined) return latest.shownSince < shownSince
  const difference = Date.parse(run.asOf) - Date.parse(latest.asOf)
  return difference > 0 || (difference === 0 && run.revision > latest.revision)
}

function pipelineFolder({ prefix, pipeline }: Pick<ShownRun, 'prefix' | 'pipeline'>): string {
  return `${prefix}${pipeline}`
}

function runFolder(run: Omit<ShownRun, 'asOf' | 'digest'>): string {
  return `${pipelineFolder(run)}/run=${formatRunId(run)}`
}

function folderOf({ plan }: Publication): string {
  return runFolder({ ...plan, prefix: plan.definition.target.prefix })
}

function describeRun({ plan, validation, digest }: Publication, files: RunManifest['files']): RunManifest {
  return {
    formatVersion: 1,
    contractVersion: CONTRACT_VERSION,
    pipeline: plan.pipeline,
    runKey: plan.runKey,
    revision: plan.revision,
    period: plan.period,
    asOf: plan.asOf,
    definitionHash: plan.definitionHash,
    codeVersion: plan.codeVersion,
    digest,
    customers: validation.customers,
    tables: describeTables(files),
    files,
  }
}

function describeTables(files: readonly ManifestFile[]): RunManifest['tables'] {
  const names = [...new Set(files.flatMap(({ table }) => table ?? []))]
  const rowsOf = (name: FileTableName): number =>
    files.reduce((sum, { table, rows }) => sum + (table === name ? (rows ?? 0) : 0), 0)
  return Object.fromEntries(
    names.map((name) => [
      name,
      {
        rows: rowsOf(name),
        columns: fileTables[name].columns.map(({ name: column, type, nullable }) => ({ name: column, type, nullable })),
      },
    ]),
  )
}

function describeLatest(run: ShownRun, shownSince: string): LatestRun {
  const { pipeline, runKey, revision, asOf, digest } = run
  const manifest = `${runFolder(run)}/manifest.json`
  return { formatVersion: 1, pipeline, runKey, revision, asOf, digest, manifest, shownSince }
}

function toText(document: RunManifest | LatestRun): string {
  return `${JSON.stringify(document, null, 2)}\n`
}
