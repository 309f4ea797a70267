import { ArtifactDigestMismatch } from '../../errors/artifact-digest-mismatch.ts'
import { ConnectionFailed } from '../../errors/connection-failed.ts'
import type { ArtifactPlace } from '../../ports/artifact-place.ts'
import type { ArtifactStore, ManifestName, NewFile } from '../../ports/artifact-store.ts'
import { artifactFileUri } from '../../run/artifact-files.ts'
import type { ArtifactAddress, ArtifactFile, Manifest } from '../../run/artifact.ts'
import { formatRunId } from '../../run/run-key.ts'
import { sha256OfFile, sizeOfFile } from './local-files.ts'
import { openScratch } from './scratch.ts'

const COMMIT_TRIES = 5

/** What does not depend on where files are read from: names, commits, scratch. */
export function keepArtifacts(place: ArtifactPlace, scratchFolder: string): Omit<ArtifactStore, 'fetchFile'> {
  const readManifest = async (artifactUri: string, name: ManifestName): Promise<Manifest | undefined> => {
    const text = await place.readDocument(`${artifactUri}/${name}.json`)
    return text === undefined ? undefined : (JSON.parse(text) as Manifest)
  }
  return {
    artifactUri: (targetPrefix, address) => `${place.rootUri}/${artifactPath(targetPrefix, address)}`,
    readManifest,
    async commitManifest(artifactUri, name, manifest) {
      const uri = `${artifactUri}/${name}.json`
      for (let left = COMMIT_TRIES; left > 0; left -= 1) {
        if (await place.createDocument(uri, `${JSON.stringify(manifest, null, 1)}\n`)) return manifest
        const winner = await readManifest(artifactUri, name)
        // None yet: a rival write is under way, and may come to nothing.
        if (winner) return acceptWinner(uri, manifest, winner)
      }
      throw new ConnectionFailed(`${uri} was being written by somebody else, who did not finish.`, 'It is tried again.')
    },
    async putFile(artifactUri, file) {
      const sha256 = await sha256OfFile(file.localPath)
      const bytes = (await sizeOfFile(file.localPath))!
      const name = fileName(file, sha256)
      await place.sendFile(artifactFileUri(artifactUri, name), file.localPath)
      return { role: file.role, shard: file.shard, name, bytes, sha256, ...(file.rows ? { rows: file.rows } : {}) }
    },
    removeArtifacts: (prefix, keptPrefix) => place.remove(prefix, keptPrefix),
    openScratch: (label) => openScratch(scratchFolder, label),
  }
}

/**
 * The file that took the place of one that is gone: customers were erased from it after its manifest had been read.
 *
 * @returns undefined when there is none
 */
export async function findSuccessor(
  { readManifest }: Pick<ArtifactStore, 'readManifest'>,
  artifactUri: string,
  { role, shard, name }: ArtifactFile,
): Promise<ArtifactFile | undefined> {
  const names: ManifestName[] = ['manifest', ...(shard === null ? [] : ([`part-${shard}`] as const))]
  for (const manifest of await Promise.all(names.map((one) => readManifest(artifactUri, one)))) {
    const file = manifest?.files.find((one) => one.role === role && one.shard === shard)
    if (manifest?.erased && file && file.name !== name) return file
  }
  return undefined
}

/** Path of an artifact under the store's root, with slashes. */
function artifactPath(targetPrefix: string, address: ArtifactAddress): string {
  return `${targetPrefix}${address.pipeline}/${formatRunId(address)}/${address.stage}-${address.inputDigest.slice(0, 16)}`
}

function fileName(file: NewFile, sha256: string): string {
  const shard = file.shard === null ? '' : `-${file.shard}`
  return `${file.role}${shard}-${sha256.slice(0, 12)}${file.extension}`
}

/** @throws ArtifactDigestMismatch when another attempt committed other content under the same address */
function acceptWinner(uri: string, mine: Manifest, winner: Manifest): Manifest {
  // What was erased since is missing from one side: who computed from it has another content.
  if (winner.contentDigest !== mine.contentDigest && !winner.erased)
    throw new ArtifactDigestMismatch(
      `Another attempt committed ${uri} with content ${winner.contentDigest}; this one computed ${mine.contentDigest} from the same inputs.`,
      'Start the next revision. If it happens again, the source changes while it is read, or workers run different code: compare their versions.',
    )
  return winner
}
