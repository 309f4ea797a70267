import { mkdir, mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { keepCache } from '../../src/adapters/artifact-store/cache.ts'

const HOUR_MS = 60 * 60 * 1000
let folder: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'resegment-cache-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

/** A file of so many bytes, used so many hours ago. */
async function put(name: string, bytes: number, hoursAgo: number): Promise<void> {
  const path = join(folder, name.slice(0, 1), name)
  await mkdir(join(folder, name.slice(0, 1)), { recursive: true })
  await writeFile(path, 'x'.repeat(bytes))
  const used = (Date.now() - hoursAgo * HOUR_MS) / 1000
  await utimes(path, used, used)
}

async function names(): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  return entries.flatMap((entry) => (entry.isFile() ? [entry.name] : [])).sort()
}

it('loses what nobody used for a week as soon as a worker begins, whatever room there is', async () => {
  await put('a', 10, 7 * 24 + 1)
  await put('b', 10, 7 * 24 - 1)
  const cache = keepCache(folder)
  await vi.waitFor(async () => expect(await names()).toEqual(['b']))
  cache.stop()
})

it('loses what was unused for longest when it is full, and nothing that somebody may be reading', async () => {
  await put('a', 400, 5)
  await put('b', 400, 9)
  await put('c', 400, 0.9)
  await put('d', 400, 3)
  const cache = keepCache(folder, 1_000)
  // 980 bytes may stay, so that what comes in unseen has room.
  await vi.waitFor(async () => expect(await names()).toEqual(['c', 'd']))
  await put('e', 400, 0)
  await put('f', 400, 0)
  await cache.added(800)
  expect(await names()).toEqual(['c', 'e', 'f'])
  cache.stop()
})

it('is not looked through for every file that comes in', async () => {
  await put('a', 10, 7 * 24 + 1)
  const cache = keepCache(folder, 1_000)
  await vi.waitFor(async () => expect(await names()).toEqual([]))
  await put('b', 2_000, 2)
  await cache.added(19)
  expect(await names()).toEqual(['b'])
  await cache.added(1)
  expect(await names()).toEqual([])
  cache.stop()
})

it('may be a folder that is not there yet', async () => {
  const cache = keepCache(join(folder, 'none'), 1_000)
  await expect(cache.added(1_000)).resolves.toBeUndefined()
  cache.stop()
})
