import { randomBytes } from 'node:crypto'
import { chmod, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { lock } from 'proper-lockfile'
import type { ProcessIdentity } from './process-identity.ts'
import type { RunningServer } from './running-server.ts'

/** Drawn once a state folder, kept in it and nowhere else. */
export interface StateSecrets {
  /** Tells this folder's data from that of an earlier folder with the same path. */
  readonly id: string
  readonly warehousePassword: string
  readonly s3AccessKeyId: string
  readonly s3SecretAccessKey: string
}

/** Who uses the servers of a state folder, and which servers run. The last user stops them. */
export interface StackRecord {
  readonly formatVersion: 1
  readonly users: readonly (ProcessIdentity & { readonly id: string })[]
  /** Left up on purpose: the next user takes them over. */
  readonly kept: boolean
  readonly servers: readonly RunningServer[]
  /** Ports of the last start, by kind, so that addresses stay the same where they can. */
  readonly ports: Readonly<Record<string, readonly number[]>>
}

const NO_RECORD: StackRecord = { formatVersion: 1, users: [], kept: false, servers: [], ports: {} }

/** Makes the folder, readable by its owner only and invisible to git. */
export async function prepareStateFolder(folder: string): Promise<StateSecrets> {
  await mkdir(join(folder, 'logs'), { recursive: true })
  await chmod(folder, 0o700)
  await writeFile(join(folder, '.gitignore'), '*\n')
  const path = join(folder, 'secrets.json')
  const known = await readJson<StateSecrets>(path)
  if (known) return known
  const secrets: StateSecrets = {
    id: randomBytes(8).toString('hex'),
    warehousePassword: randomBytes(16).toString('hex'),
    s3AccessKeyId: `RESEGMENT${randomBytes(6).toString('hex').toUpperCase()}`,
    s3SecretAccessKey: randomBytes(20).toString('hex'),
  }
  await writePrivately(path, secrets)
  return secrets
}

export async function readStackRecord(folder: string): Promise<StackRecord> {
  return (await readJson<StackRecord>(join(folder, 'servers.json'))) ?? NO_RECORD
}

export async function writeStackRecord(folder: string, record: StackRecord): Promise<void> {
  await writePrivately(join(folder, 'servers.json'), record)
}

/** One process at a time starts or stops the servers of a state folder. */
export async function withStateLock<T>(
  folder: string,
  options: { readonly signal?: AbortSignal | undefined; onWait?(): void },
  use: () => Promise<T>,
): Promise<T> {
  const release = await acquire(folder, options)
  try {
    return await use()
  } finally {
    await release()
  }
}

const LOCK_STALE_MS = 10_000

async function acquire(
  folder: string,
  options: { readonly signal?: AbortSignal | undefined; onWait?(): void },
): Promise<() => Promise<void>> {
  for (let attempt = 0; ; attempt++) {
    options.signal?.throwIfAborted()
    try {
      const release = await lock(folder, {
        lockfilePath: join(folder, 'lock'),
        stale: LOCK_STALE_MS,
        update: LOCK_STALE_MS / 3,
        onCompromised: () => {}, // After a long sleep another may have taken it; the record still names every server.
      })
      return () => release().catch(() => {})
    } catch (error) {
      if ((error as { code?: string }).code !== 'ELOCKED') throw error
      if (attempt === 20) options.onWait?.()
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
  }
}

async function readJson<T>(path: string): Promise<T | undefined> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as T
  } catch (error) {
    if (error instanceof SyntaxError || (error as { code?: string }).code === 'ENOENT') return undefined
    throw error
  }
}

async function writePrivately(path: string, value: unknown): Promise<void> {
  const partial = `${path}.${process.pid}.partial`
  try {
    await writeFile(partial, `${JSON.stringify(value, null, 2)}\n`, { mode: 0o600 })
    await rename(partial, path)
  } finally {
    await rm(partial, { force: true })
  }
}
