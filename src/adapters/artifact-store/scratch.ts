import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join, resolve } from 'node:path'
import type { Scratch } from '../../ports/artifact-store.ts'

/** Who owns a folder. A worker in a container is process 1 before and after it was killed: the time of its start tells them apart. */
const owner = `${hostname()}.${process.pid}.${Math.round(performance.timeOrigin).toString(36)}`
const sweeps = new Map<string, Promise<void>>()

/** The folder of this process in scratch; whoever comes after its death removes it. */
export function ownScratch(scratchFolder: string): string {
  return join(resolve(scratchFolder), owner)
}

/** Makes a folder for one attempt in that of this process. */
export async function openScratch(scratchFolder: string, label: string): Promise<Scratch> {
  const own = ownScratch(scratchFolder)
  if (!sweeps.has(own)) sweeps.set(own, removeLeftovers(scratchFolder))
  await sweeps.get(own)
  await mkdir(own, { recursive: true })
  const path = await mkdtemp(join(own, `${label}-`))
  return { path, close: () => rm(path, { recursive: true, force: true }) }
}

/** A killed worker leaves gigabytes behind. Only what dead processes of this very host left is removed: scratch may be a shared volume. */
export async function removeLeftovers(scratchFolder: string): Promise<void> {
  const root = resolve(scratchFolder)
  const names = await readdir(root).catch(() => [] as string[])
  const dead = names.filter((name) => {
    const match = /^(?<host>.+)\.(?<pid>\d+)\.[\da-z]+$/.exec(name)
    if (match?.groups?.host !== hostname() || name === owner) return false
    const pid = Number(match.groups.pid)
    return pid === process.pid || !isAlive(pid)
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
