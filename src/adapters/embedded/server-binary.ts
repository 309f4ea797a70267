import { constants } from 'node:fs'
import { access, mkdir, mkdtemp, readdir, rename, rm, stat } from 'node:fs/promises'
import { delimiter, isAbsolute, join } from 'node:path'
import { lock } from 'proper-lockfile'
import { ServerMissing } from '../../errors/server-missing.ts'
import { downloadProgram } from './program-download.ts'
import { buildProgram } from './program-build.ts'
import type { Maker, MakerContext, ServerProgram } from './server-program.ts'

export interface FindOptions extends MakerContext {
  /** Per user, shared by all projects; programs go to `servers/<name>-<version>/<name>`. */
  readonly cacheFolder: string
  /** Tried in this order when the program is neither on the PATH nor in the cache. Default: download, then build with Go. */
  readonly makers?: readonly Maker[]
}

/** A lock this old belongs to a process that died. Twice a normal pause of a laptop's event loop is fine: see onCompromised. */
const LOCK_STALE_MS = 10_000

/**
 * The executable of a server: on the PATH, in the cache, or made and put into the cache. Set-ups at the same time make it once;
 * an interrupted one leaves no half executable.
 *
 * @returns its absolute path
 * @throws ServerMissing
 */
export async function findServer(program: ServerProgram, options: FindOptions): Promise<string> {
  const installed = await findOnPath(program.name, options.variables.PATH)
  if (installed) return installed
  const folder = join(options.cacheFolder, 'servers', `${program.name}-${program.version}`)
  const cached = join(folder, program.name)
  if (await isExecutable(cached)) return cached
  await mkdir(folder, { recursive: true })
  const release = await acquire(folder, program, options)
  try {
    if (await isExecutable(cached)) return cached
    await make(program, folder, cached, options)
    return cached
  } finally {
    await release()
  }
}

async function make(program: ServerProgram, folder: string, cached: string, options: FindOptions): Promise<void> {
  // Under the lock nobody else is at work: what is there was left by a process that was killed.
  for (const left of await readdir(folder))
    if (left.startsWith('partial-')) await rm(join(folder, left), { recursive: true, force: true })
  const reasons: string[] = []
  for (const maker of options.makers ?? [downloadProgram, buildProgram]) {
    const partial = await mkdtemp(join(folder, 'partial-'))
    try {
      await maker(program, partial, options)
      await rename(join(partial, program.name), cached)
      return
    } catch (error) {
      options.signal?.throwIfAborted()
      reasons.push(error instanceof Error ? error.message : String(error))
    } finally {
      await rm(partial, { recursive: true, force: true })
    }
  }
  throw new ServerMissing(
    `Cannot find ${program.title}: no ${program.name} on the PATH, none in the cache (${cached}). ${reasons.join(' ')}`,
    `One of: install ${program.name} ${program.version} so that it is on the PATH; install Go (https://go.dev/dl) and try again; ` +
      `or set ${program.variable} to a server of yours, for example the one of "docker compose up".`,
  )
}

async function acquire(folder: string, program: ServerProgram, options: FindOptions): Promise<() => Promise<void>> {
  let said = false
  for (;;) {
    options.signal?.throwIfAborted()
    try {
      return await lock(folder, {
        stale: LOCK_STALE_MS,
        update: LOCK_STALE_MS / 3,
        // Two at once is wasteful, not wrong: each works in its own folder and the last rename wins.
        onCompromised: () => {},
      })
    } catch (error) {
      if ((error as { code?: string }).code !== 'ELOCKED') throw error
      if (!said) options.onStep(`Another set-up is making ${program.title}; waiting for it.`)
      said = true
      await new Promise((resolve) => setTimeout(resolve, 200))
    }
  }
}

async function findOnPath(name: string, path: string | undefined): Promise<string | undefined> {
  for (const folder of (path ?? '').split(delimiter)) {
    const candidate = join(folder, name)
    if (isAbsolute(folder) && (await isExecutable(candidate))) return candidate
  }
  return undefined
}

async function isExecutable(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK)
    return (await stat(path)).isFile()
  } catch {
    return false
  }
}
