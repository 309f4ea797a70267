import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join, resolve } from 'node:path'
import type { Scratch } from '../../ports/artifact-store.ts'

const owner = `${hostname()}.${process.pid}`
const swept = new Set<string>()

/** Makes a folder for one attempt under `<scratchFolder>/<host>.<pid>/`. */
export async function openScratch(scratchFolder: string, label: string): Promise<Scratch> {
  const root = resolve(scratchFolder)
  if (!swept.has(root)) {
    swept.add(root)
    await removeLeftovers(root)
  }
  const own = join(root, owner)
  await mkdir(own, { recursive: true })
  const path = await mkdtemp(join(own, `${label}-`))
  return { path, close: () => rm(path, { recursive: true, force: true }) }
}

/** A killed worker leaves gigabytes behind. Only what dead processes of this very host left is removed: scratch may be a shared volume. */
export async function removeLeftovers(scratchFolder: string): Promise<void> {
  const root = resolve(scratchFolder)
  const names = await readdir(root).catch(() => [] as string[])
  const dead = names.filter((name) => {
    const match = /^(?<host>.+)\.(?<pid>\d+)$/.exec(name)
    return match?.groups?.host === hostname() && !isAlive(Number(match.groups.pid))
  })
  await Promise.all(dead.map((name) => rm(join(root, name), { recursive: true, force: true })))
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH'
  }
}
