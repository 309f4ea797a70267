import { rm } from 'node:fs/promises'
import { resolve } from 'node:path'
import { removeOutsideFolder } from '../adapters/embedded/postgres-files.ts'
import { isRunning } from '../adapters/embedded/process-identity.ts'
import { stopServer } from '../adapters/embedded/running-server.ts'
import { readStackRecord } from '../adapters/embedded/state-folder.ts'
import { WrongUsage } from '../errors/wrong-usage.ts'

/**
 * Forgets everything that embedded servers ever kept in a state folder; leftovers that still run are stopped first.
 *
 * @throws WrongUsage when another process uses the servers now
 */
export async function clearState(stateFolder: string): Promise<void> {
  const folder = resolve(stateFolder)
  const { users, servers } = await readStackRecord(folder)
  const alive = await Promise.all(users.map(isRunning))
  if (alive.includes(true))
    throw new WrongUsage(
      `Another process uses the servers of ${folder} now.`,
      'Wait until it ends, or use another folder: --state DIR.',
    )
  await Promise.all(servers.map(stopServer))
  await removeOutsideFolder(folder)
  await rm(folder, { recursive: true, force: true })
}
