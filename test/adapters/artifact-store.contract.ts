import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ArtifactStore, NewFile } from '../../src/ports/artifact-store.ts'
import type { ArtifactAddress, Manifest } from '../../src/run/artifact.ts'

export interface StoreUnderTest {
  readonly store: ArtifactStore
  /** Changes one byte of a stored file behind the store's back. */
  damage(artifactUri: string, name: string): Promise<void>
  remove(artifactUri: string, name: string): Promise<void>
  /** Forgets fetched files, as another machine would not have them. */
  clearCache(): Promise<void>
}

/** What every artifact store promises. */
export function describeArtifactStore(name: string, open: (folder: string) => Promise<StoreUnderTest>): void {
  describe(`artifact store: ${name}`, () => {
    let folder: string
    let subject: StoreUnderTest
    let revision = 0

    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'resegment-store-'))
      subject = await open(folder)
    })
    afterAll(() => rm(folder, { recursive: true, force: true }))

    const nextArtifact = (): { address: ArtifactAddress; uri: string } => {
      const address: ArtifactAddress = {
        pipeline: 'shop',
        runKey: 'shop@2026-10-01',
        revision: ++revision,
        stage: 'cleanse',
        inputDigest: '0123456789abcdef0123456789abcdef',
      }
      return { address, uri: subject.store.artifactUri('dev/', address) }
    }
    const manifestOf = (address: ArtifactAddress, contentDigest: string): Manifest => ({
      formatVersion: 1,
      address,
      shard: null,
      files: [],
      contentDigest,
      rowCount: 2,
      summary: { customers: 2 },
    })
    const newFile = async (text: string, shard: number | null = 1): Promise<NewFile> => {
      const localPath = join(folder, `made-${text.length}`)
      await writeFile(localPath, text)
      return { role: 'rows', shard, extension: '.parquet', localPath }
    }

    it('derives the place of an artifact from its address', () => {
      const { uri } = nextArtifact()
      expect(uri).toMatch(/dev\/shop\/shop@2026-10-01~1\/cleanse-0123456789abcdef$/)
    })

    it('finds no manifest before one is committed, and the same one afterwards', async () => {
      const { address, uri } = nextArtifact()
      expect(await subject.store.readManifest(uri, 'manifest')).toBeUndefined()
      await subject.store.commitManifest(uri, 'manifest', manifestOf(address, 'aa'))
      expect(await subject.store.readManifest(uri, 'manifest')).toEqual(manifestOf(address, 'aa'))
      expect(await subject.store.readManifest(uri, 'part-0')).toBeUndefined()
    })

    it('gives the first commit to every later one', async () => {
      const { address, uri } = nextArtifact()
      const first = manifestOf(address, 'aa')
      await subject.store.commitManifest(uri, 'part-3', first)
      const second = await subject.store.commitManifest(uri, 'part-3', { ...first, summary: { customers: 99 } })
      expect(second).toEqual(first)
    })

    it('lets one of many simultaneous commits win', async () => {
      const { address, uri } = nextArtifact()
      const committed = await Promise.all(
        Array.from({ length: 8 }, (_, writer) =>
          subject.store.commitManifest(uri, 'manifest', { ...manifestOf(address, 'aa'), summary: { writer } }),
        ),
      )
      const winner = await subject.store.readManifest(uri, 'manifest')
      expect(committed).toEqual(committed.map(() => winner))
    })

    it('refuses a second commit with other content', async () => {
      const { address, uri } = nextArtifact()
      await subject.store.commitManifest(uri, 'manifest', manifestOf(address, 'aa'))
      await expect(subject.store.commitManifest(uri, 'manifest', manifestOf(address, 'bb'))).rejects.toMatchObject({
        type: 'ArtifactDigestMismatch',
      })
    })

    it('names a file after its role, shard and bytes, and brings it back', async () => {
      const { uri } = nextArtifact()
      const rows = { rowCount: 2, lower: '1', upper: '2' }
      const file = await subject.store.putFile(uri, { ...(await newFile('hello')), rows })
      // Computed with sha256sum: printf hello | sha256sum
      const sha256 = '2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824'
      expect(file).toEqual({ role: 'rows', shard: 1, name: 'rows-1-2cf24dba5fb0.parquet', bytes: 5, sha256, rows })
      const path = await subject.store.fetchFile(uri, file)
      expect(await readFile(path, 'utf8')).toBe('hello')
      expect(await subject.store.fetchFile(uri, file)).toBe(path)
    })

    it('leaves the shard out of the name of a document', async () => {
      const { uri } = nextArtifact()
      const file = await subject.store.putFile(uri, {
        ...(await newFile('hello', null)),
        role: 'model',
        extension: '.json',
      })
      expect(file.name).toBe('model-2cf24dba5fb0.json')
    })

    it('keeps a file larger than one part of an upload', async () => {
      const { uri } = nextArtifact()
      const file = await subject.store.putFile(uri, await newFile('0123456789abcdef'.repeat(2 ** 20)))
      expect(file.bytes).toBe(2 ** 24)
      await subject.clearCache()
      expect((await stat(await subject.store.fetchFile(uri, file))).size).toBe(2 ** 24)
    })

    it('notices a file whose bytes were changed', async () => {
      const { uri } = nextArtifact()
      const file = await subject.store.putFile(uri, await newFile('changed later'))
      await subject.damage(uri, file.name)
      await subject.clearCache()
      await expect(subject.store.fetchFile(uri, file)).rejects.toMatchObject({ type: 'ArtifactDigestMismatch' })
    })

    it('notices a file that is gone', async () => {
      const { uri } = nextArtifact()
      const file = await subject.store.putFile(uri, await newFile('gone later'))
      await subject.remove(uri, file.name)
      await subject.clearCache()
      await expect(subject.store.fetchFile(uri, file)).rejects.toMatchObject({ type: 'ArtifactMissing' })
    })

    it('removes what is under a prefix and nothing beside it, nor what is to be kept', async () => {
      const { address } = nextArtifact()
      const { store } = subject
      const commit = async (prefix: string): Promise<string> => {
        const uri = store.artifactUri(prefix, address)
        await store.putFile(uri, await newFile('removed later'))
        await store.commitManifest(uri, 'manifest', manifestOf(address, 'a'))
        return uri
      }
      const gone = [await commit('dev/dry-run/1/one/'), await commit('dev/dry-run/1/other/')]
      const kept = [await commit('dev/dry-run/1/new/'), await commit('dev/dry-run/11/one/'), await commit('dev/')]
      await store.removeArtifacts('dev/dry-run/1/', 'dev/dry-run/1/new/')
      await store.removeArtifacts('dev/dry-run/nothing/', 'dev/dry-run/nothing/new/')
      for (const uri of gone) expect(await store.readManifest(uri, 'manifest')).toBeUndefined()
      for (const uri of kept) expect(await store.readManifest(uri, 'manifest')).toBeDefined()
    })

    it('gives each attempt a folder of its own and removes it', async () => {
      const [one, other] = await Promise.all([
        subject.store.openScratch('extract'),
        subject.store.openScratch('extract'),
      ])
      expect(one.path).not.toBe(other.path)
      await writeFile(join(one.path, 'spill'), 'x')
      await one.close()
      await expect(stat(one.path)).rejects.toMatchObject({ code: 'ENOENT' })
      expect((await stat(other.path)).isDirectory()).toBe(true)
      await other.close()
    })
  })
}
