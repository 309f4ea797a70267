import { ConnectionFailed } from '../../errors/connection-failed.ts'
import { PublishConflict } from '../../errors/publish-conflict.ts'
import { formatRunId } from '../../run/run-key.ts'
import { openBucket } from './bucket.ts'
import { makeRunFiles } from './run-files.ts'
import type { Bucket, BucketOptions } from './bucket.ts'
import type { ObjectDestination, Publication } from '../../ports/destination.ts'

export interface S3Objects extends ObjectDestination {
  close(): void
}

/** `manifest.json`: what a run consists of. No wall-clock time, so that a second attempt writes the same text. */
export interface RunManifest {
  readonly formatVersion: 1
  readonly pipeline: string
  readonly runKey: string
  readonly revision: number
  readonly period: string
  readonly asOf: string
  readonly definitionHash: string
  readonly codeVersion: string
  /** Content digest of the validated rows and findings. */
  readonly digest: string
  readonly customers: number
  readonly files: readonly {
    readonly path: string
    readonly bytes: number
    readonly sha256: string
    readonly rows: number
  }[]
}

/** `latest.json`: the run that is live. */
export interface LatestRun {
  readonly formatVersion: 1
  readonly pipeline: string
  readonly runKey: string
  readonly revision: number
  readonly asOf: string
  readonly digest: string
  /** Key of the manifest in the same bucket. */
  readonly manifest: string
}

const PARQUET = 'application/vnd.apache.parquet'

/** Runs as objects under `<prefix>/<pipeline>/`. Opens no connection before it is used. */
export function makeS3Objects(options: BucketOptions): S3Objects {
  const bucket = openBucket(options)
  return {
    async writeRun(session, publication, scratchPath, signal) {
      const folder = runFolder(publication)
      const manifestKey = `${folder}/manifest.json`
      if (await isWritten(bucket, manifestKey, publication)) return bucket.uri(manifestKey)
      const files: RunManifest['files'][number][] = []
      for (const file of await makeRunFiles(session, publication, scratchPath)) {
        const sent = await bucket.sendFile(`${folder}/${file.path}`, file.localPath, PARQUET, signal)
        files.push({ path: file.path, ...sent, rows: file.rows })
      }
      const text = toText(describeRun(publication, files))
      signal?.throwIfAborted()
      // Lost to another attempt: it must have written the same.
      const isDone =
        (await bucket.writeDocument(manifestKey, text, undefined)) ||
        (await isWritten(bucket, manifestKey, publication))
      if (!isDone)
        throw new ConnectionFailed(
          `${bucket.uri(manifestKey)} was being written by somebody else, who did not finish.`,
          'It is tried again.',
        )
      return bucket.uri(manifestKey)
    },
    async pointLatest(publication) {
      const key = `${pipelineFolder(publication)}/latest.json`
      for (;;) {
        const found = await bucket.readDocument(key)
        if (found && !isNewer(publication, JSON.parse(found.text) as LatestRun)) return
        if (await bucket.writeDocument(key, toText(describeLatest(publication)), found?.etag)) return
      }
    },
    close: () => bucket.close(),
  }
}

/** @throws PublishConflict when the manifest is that of other content */
async function isWritten(bucket: Bucket, key: string, { plan, digest }: Publication): Promise<boolean> {
  const found = await bucket.readDocument(key)
  if (!found) return false
  const manifest = JSON.parse(found.text) as RunManifest
  if (manifest.digest !== digest)
    throw new PublishConflict(
      `${bucket.uri(key)} holds another result of ${formatRunId(plan)} (digest ${manifest.digest}, now ${digest}).`,
      'Start the next revision: published files are never changed.',
    )
  return true
}

function isNewer({ plan }: Publication, latest: LatestRun): boolean {
  const difference = Date.parse(plan.asOf) - Date.parse(latest.asOf)
  return difference > 0 || (difference === 0 && plan.revision > latest.revision)
}

function pipelineFolder({ plan }: Publication): string {
  return `${plan.definition.target.prefix}${plan.pipeline}`
}

function runFolder(publication: Publication): string {
  return `${pipelineFolder(publication)}/run=${formatRunId(publication.plan)}`
}

function describeRun({ plan, validation, digest }: Publication, files: RunManifest['files']): RunManifest {
  return {
    formatVersion: 1,
    pipeline: plan.pipeline,
    runKey: plan.runKey,
    revision: plan.revision,
    period: plan.period,
    asOf: plan.asOf,
    definitionHash: plan.definitionHash,
    codeVersion: plan.codeVersion,
    digest,
    customers: validation.customers,
    files,
  }
}

function describeLatest(publication: Publication): LatestRun {
  const { plan, digest } = publication
  return {
    formatVersion: 1,
    pipeline: plan.pipeline,
    runKey: plan.runKey,
    revision: plan.revision,
    asOf: plan.asOf,
    digest,
    manifest: `${runFolder(publication)}/manifest.json`,
  }
}

function toText(document: RunManifest | LatestRun): string {
  return `${JSON.stringify(document, null, 2)}\n`
}
