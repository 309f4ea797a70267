import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { isRunning } from '../adapters/embedded/process-identity.ts'
import { isServerRunning, stopServer } from '../adapters/embedded/running-server.ts'
import {
  readStackRecord,
  withStateLock,
  writeStackRecord,
  type StackRecord,
} from '../adapters/embedded/state-folder.ts'

/**
 * Enters `user` into the record. Servers that nobody alive uses, and that were not kept, are leftovers: they are stopped. Call under the lock.
 *
 * @param as a guest leaves kept servers up when it goes, a host stops them
 */
export async function takeOverServers(
  stateFolder: string,
  user: StackRecord['users'][number],
  as: 'host' | 'guest',
): Promise<StackRecord> {
  const record = await readStackRecord(stateFolder)
  const users = await filterAsync(record.users, isRunning)
  const usable = users.length > 0 || record.kept
  const servers = usable ? await filterAsync(record.servers, isServerRunning) : []
  if (!usable) await Promise.all(record.servers.map(stopServer))
  const next = { ...record, users: [...users, user], kept: record.kept && as === 'guest', servers }
  await writeStackRecord(stateFolder, next)
  return next
}

/** Takes a user out of the record and stops the servers when it was the last. Call under the lock. */
export async function leaveServers(stateFolder: string, userId: string, kept: boolean): Promise<void> {
  const record = await readStackRecord(stateFolder)
  const users = await filterAsync(
    record.users.filter((user) => user.id !== userId),
    isRunning,
  )
  const over = users.length === 0 && !kept && !record.kept
  if (over) await Promise.all(record.servers.map(stopServer))
  await writeStackRecord(stateFolder, {
    ...record,
    users,
    kept: kept || record.kept,
    servers: over ? [] : record.servers,
  })
}

/** Stops the servers of a state folder, whoever uses them. */
export async function stopServers(stateFolder: string): Promise<void> {
  const folder = resolve(stateFolder)
  if (!existsSync(folder)) return
  await withStateLock(folder, {}, async () => {
    const record = await readStackRecord(folder)
    await Promise.all(record.servers.map(stopServer))
    await writeStackRecord(folder, { ...record, users: [], kept: false, servers: [] })
  })
}

async function filterAsync<T>(values: readonly T[], keep: (value: T) => Promise<boolean>): Promise<T[]> {
  const kept = await Promise.all(values.map(keep))
  return values.filter((_, index) => kept[index])
}
