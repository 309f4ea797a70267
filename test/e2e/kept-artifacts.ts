import { createHash } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DeleteObjectCommand, GetObjectCommand, ListObjectsV2Command, PutObjectCommand } from '@aws-sdk/client-s3'
import type { Circumstances } from '../../src/activities/circumstances.ts'
import { makeDuckDbEngine } from '../../src/adapters/duckdb/engine.ts'
import { canonicalJson } from '../../src/plan/digest.ts'
import type { ComputeSession } from '../../src/ports/compute-engine.ts'
import { artifactFileUri } from '../../src/run/artifact-files.ts'
import type { ArtifactFile, Manifest } from '../../src/run/artifact.ts'
import { quoteText, readParquet } from '../../src/sql/sql-text.ts'
import type { TestProject } from './project.ts'
import { s3Of } from './published-content.ts'

const artifactsOf = ({ target }: TestProject): string => `segments-${target}-artifacts`
const filesOf = ({ target }: TestProject): string => `segments-${target}`

/** Keys of the artifact store that contain a text. */
export async function storedKeys(
  project: TestProject,
  part: string,
  Bucket = artifactsOf(project),
): Promise<readonly string[]> {
  const s3 = s3Of(project)
  const keys: string[] = []
  let ContinuationToken: string | undefined
  do {
    const page = await s3.send(new ListObjectsV2Command({ Bucket, ContinuationToken }))
    keys.push(...(page.Contents ?? []).map(({ Key }) => Key!))
    ContinuationToken = page.NextContinuationToken
  } while (ContinuationToken !== undefined)
  s3.destroy()
  return keys.filter((key) => key.includes(part))
}

/** As if it were lost: the manifest stays. */
export async function removeArtifact(project: TestProject, run: string, stage: string, file: RegExp): Promise<void> {
  const s3 = s3Of(project)
  for (const Key of await storedKeys(project, `/${run}~1/${stage}-`))
    if (file.test(Key)) await s3.send(new DeleteObjectCommand({ Bucket: artifactsOf(project), Key }))
  s3.destroy()
}

/** Rewrites what a validation says it was made of. @returns what brings it back */
export async function doctorCircumstances(
  project: TestProject,
  run: string,
  change: (found: Circumstances) => unknown,
): Promise<() => Promise<void>> {
  const Bucket = artifactsOf(project)
  const [manifestKey] = await storedKeys(project, `/${run}~1/validate-`).then((keys) =>
    keys.filter((key) => key.endsWith('/manifest.json')),
  )
  const s3 = s3Of(project)
  const manifest = await readJson<Manifest>(project, Bucket, manifestKey!)
  const folder = manifestKey!.slice(0, -'manifest.json'.length)
  const file = manifest.files.find(({ role }) => role === 'circumstances')!
  const text = canonicalJson(change(await readJson<Circumstances>(project, Bucket, folder + file.name)))
  const sha256 = createHash('sha256').update(text).digest('hex')
  const name = `circumstances-${sha256.slice(0, 12)}.json`
  const other = { ...file, name, sha256, bytes: Buffer.byteLength(text) }
  const files = manifest.files.map((one) => (one === file ? other : one))
  await s3.send(new PutObjectCommand({ Bucket, Key: folder + name, Body: text }))
  const put = (document: Manifest) =>
    s3.send(new PutObjectCommand({ Bucket, Key: manifestKey, Body: JSON.stringify(document) }))
  await put({ ...manifest, files })
  return async () => {
    await put(manifest)
    s3.destroy()
  }
}

/**
 * Takes the rows of customers out of everything a run left, as an erasure does: files are written again without them, manifests name the
 * new files and say how many customers went; digests and counts of the whole stay those of before.
 */
export async function eraseByHand(project: TestProject, run: string, customerIds: readonly string[]): Promise<void> {
  const ids = customerIds.map(quoteText).join(', ')
  const folder = mkdtempSync(join(tmpdir(), 'resegment-erase-'))
  const session = await makeDuckDbEngine({ threads: 1 }).open({ scratchPath: folder, readablePaths: [folder] })
  // The parts and the whole name the same files.
  const done = new Map<string, Promise<ArtifactFile>>()
  try {
    const Bucket = artifactsOf(project)
    const manifests = (await storedKeys(project, `/${run}~1/`)).filter((key) => key.endsWith('.json'))
    for (const key of manifests.filter((one) => /\/(?:manifest|part-\d+)\.json$/.test(one))) {
      const manifest = await readJson<Manifest>(project, Bucket, key)
      const at = key.slice(0, key.lastIndexOf('/') + 1)
      const files: ArtifactFile[] = []
      for (const file of manifest.files) {
        if (!done.has(at + file.name))
          done.set(at + file.name, withoutRows(project, session, { Bucket, at, file, ids, folder }))
        files.push(await done.get(at + file.name)!)
      }
      await writeJson(project, Bucket, key, { ...manifest, files, erased: { customers: customerIds.length, rows: 0 } })
    }
    const published = filesOf(project)
    for (const key of await storedKeys(project, `run=${run}~1/manifest.json`, published)) {
      const manifest = await readJson<{ files: { path: string; sha256: string; bytes: number }[] }>(
        project,
        published,
        key,
      )
      const at = key.slice(0, key.lastIndexOf('/') + 1)
      const files = []
      for (const file of manifest.files) {
        const other = await withoutRows(project, session, {
          Bucket: published,
          at,
          file: { name: file.path },
          ids,
          folder,
        })
        files.push({ ...file, path: other.name, sha256: other.sha256 ?? file.sha256, bytes: other.bytes ?? file.bytes })
      }
      await writeJson(project, published, key, { ...manifest, files })
    }
  } finally {
    await session.close()
    rmSync(folder, { recursive: true })
  }
  for (const table of ['membership_open', 'membership_closed', 'membership_replaced', 'membership_score'])
    await project.sql(`delete from ${table} where customer_id = any($1)`, [customerIds])
}

interface OneFile<F> {
  readonly Bucket: string
  readonly at: string
  readonly file: F
  readonly ids: string
  readonly folder: string
}

async function withoutRows<F extends { readonly name: string }>(
  project: TestProject,
  session: ComputeSession,
  { Bucket, at, file, ids, folder }: OneFile<F>,
): Promise<F & Partial<Pick<ArtifactFile, 'sha256' | 'bytes'>>> {
  if (!file.name.endsWith('.parquet')) return file
  const keyOf = (name: string): string => artifactFileUri(at.slice(0, -1), name)
  const [before, after] = [join(folder, 'before.parquet'), join(folder, 'after.parquet')]
  writeFileSync(before, await readBytes(project, Bucket, keyOf(file.name)))
  const relation = readParquet([before])
  const columns = (await session.rows(`DESCRIBE SELECT * FROM ${relation}`)).map((row) => String(row.column_name))
  if (!columns.includes('customer_id')) return file
  const query = `SELECT * FROM ${relation} WHERE customer_id IS NULL OR customer_id NOT IN (${ids})`
  const { rows } = await session.writeParquet(query, columns.map((name) => `"${name}"`).join(', '), after)
  const bytes = readFileSync(after)
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  const name = file.name.replace(/[0-9a-f]{12}\.parquet$/, `${sha256.slice(0, 12)}.parquet`)
  const s3 = s3Of(project)
  await s3.send(new PutObjectCommand({ Bucket, Key: keyOf(name), Body: bytes }))
  if (name !== file.name) await s3.send(new DeleteObjectCommand({ Bucket, Key: keyOf(file.name) }))
  s3.destroy()
  return { ...file, name, sha256, bytes: bytes.length, ...('rows' in file && { rows }) }
}

async function readBytes(project: TestProject, Bucket: string, Key: string): Promise<Uint8Array> {
  const s3 = s3Of(project)
  const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key }))
  const bytes = await Body!.transformToByteArray()
  s3.destroy()
  return bytes
}

async function readJson<T>(project: TestProject, Bucket: string, Key: string): Promise<T> {
  return JSON.parse(Buffer.from(await readBytes(project, Bucket, Key)).toString('utf8')) as T
}

async function writeJson(project: TestProject, Bucket: string, Key: string, document: unknown): Promise<void> {
  const s3 = s3Of(project)
  await s3.send(new PutObjectCommand({ Bucket, Key, Body: JSON.stringify(document) }))
  s3.destroy()
}
