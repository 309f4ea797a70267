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

it('removes what a killed worker left in scratch, and nothing of a living one', async () => {
  const scratchFolder = join(import.meta.dirname, '../../node_modules/.cache/resegment-scratch-test')
  // No process has this id: the kernel's limit is 2^22.
  const dead = join(scratchFolder, `${hostname()}.4194305`)
  const living = join(scratchFolder, `${hostname()}.${process.ppid}`)
  const elsewhere = join(scratchFolder, 'another-host.4194305')
  await Promise.all([dead, living, elsewhere].map((path) => mkdir(path, { recursive: true })))
  const scratch = await makeFileStore({ rootFolder: scratchFolder, scratchFolder }).openScratch('extract')
  await expect(stat(dead)).rejects.toMatchObject({ code: 'ENOENT' })
  expect((await stat(living)).isDirectory() && (await stat(elsewhere)).isDirectory()).toBe(true)
  await scratch.close()
  await rm(scratchFolder, { recursive: true })
})
