import { execFileSync } from 'node:child_process'
import { chown, mkdir, rm, statfs, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import pg from 'pg'
import type { OwnPostgres } from '../adapters/warehouse/other-server.ts'

/** A disk of a server on which everything is kept that is made from now on. */
export interface SmallDisk {
  /** Leaves this much room. */
  fill(freeBytes: number): Promise<void>
  /** Gives the room back. */
  empty(): Promise<void>
  /** The server has to be stopped before. */
  remove(): void
}

const SIZE = '24m'

/** @returns undefined where nobody may mount anything */
export async function mountSmallDisk(server: OwnPostgres): Promise<SmallDisk | undefined> {
  const folder = join(server.homeFolder, 'small')
  await mkdir(folder)
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${SIZE}`, 'tmpfs', folder], { stdio: 'ignore' })
  } catch {
    return undefined
  }
  const tables = join(folder, 'tables')
  await mkdir(tables, { mode: 0o700 })
  if (server.owner) await chown(tables, server.owner.uid, server.owner.gid)
  const client = new pg.Client({ connectionString: server.url })
  await client.connect()
  await client.query(`create tablespace small location '${tables}'`)
  await client.query(`alter database postgres set default_tablespace = small`)
  await client.end()
  const filler = join(folder, 'filler')
  return {
    async fill(freeBytes) {
      const { bavail, bsize } = await statfs(folder)
      await writeFile(filler, Buffer.alloc(Math.max(0, bavail * bsize - freeBytes)))
    },
    empty: () => rm(filler, { force: true }),
    remove: () => void execFileSync('umount', [folder]),
  }
}
