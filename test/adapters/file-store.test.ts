import { mkdir, rm, stat, writeFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { makeFileStore } from '../../src/adapters/artifact-store/file-store.ts'
import { describeArtifactStore } from './artifact-store.contract.ts'

describeArtifactStore('files', (folder) => {
  const store = makeFileStore({ rootFolder: join(folder, 'store'), scratchFolder: join(folder, 'scratch') })
  return Promise.resolve({
    store,
    damage: (uri, name) => writeFile(join(fileURLToPath(uri), name), 'changed lateR'),
    remove: (uri, name) => rm(join(fileURLToPath(uri), name)),
    clearCache: () => Promise.resolve(),
  })
})

it('removes what killed workers left in scratch, also one with the same process id, and nothing of a living one', async () => {
  const scratchFolder = join(import.meta.dirname, '../../node_modules/.cache/resegment-scratch-test')
  const of = (host: string, pid: number): string => join(scratchFolder, `${host}.${pid}.k3q0`)
  // No process has this id: the kernel's limit is 2^22.
  const [dead, formerSelf] = [of(hostname(), 4_194_305), of(hostname(), process.pid)]
  const [living, elsewhere] = [of(hostname(), process.ppid), of('another-host', 4_194_305)]
  await Promise.all([dead, formerSelf, living, elsewhere].map((path) => mkdir(path, { recursive: true })))
  const store = makeFileStore({ rootFolder: scratchFolder, scratchFolder })
  // Both at once, as two activities of a worker that has just started.
  const scratches = await Promise.all([store.openScratch('extract'), store.openScratch('extract')])
  for (const gone of [dead, formerSelf]) await expect(stat(gone)).rejects.toMatchObject({ code: 'ENOENT' })
  for (const kept of [living, elsewhere, ...scratches.map(({ path }) => path)])
    expect((await stat(kept)).isDirectory()).toBe(true)
  for (const scratch of scratches) await scratch.close()
  await rm(scratchFolder, { recursive: true })
})
