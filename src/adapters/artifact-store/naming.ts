import { ArtifactDigestMismatch } from '../../errors/artifact-digest-mismatch.ts'
import type { ManifestName, NewFile } from '../../ports/artifact-store.ts'
import type { ArtifactAddress, Manifest } from '../../run/artifact.ts'
import { formatRunId } from '../../run/run-key.ts'

/** Path of an artifact under the store's root, with slashes. */
export function artifactPath(targetPrefix: string, address: ArtifactAddress): string {
  return `${targetPrefix}${address.pipeline}/${formatRunId(address)}/${address.stage}-${address.inputDigest.slice(0, 16)}`
}

export function fileName(file: NewFile, sha256: string): string {
  const shard = file.shard === null ? '' : `-${file.shard}`
  return `${file.role}${shard}-${sha256.slice(0, 12)}${file.extension}`
}

/** @throws ArtifactDigestMismatch when another attempt committed other content under the same address */
export function acceptWinner(artifactUri: string, name: ManifestName, mine: Manifest, winner: Manifest): Manifest {
  if (winner.contentDigest !== mine.contentDigest)
    throw new ArtifactDigestMismatch(
      `Another attempt committed ${artifactUri}/${name}.json with content ${winner.contentDigest}; this one computed ${mine.contentDigest} from the same inputs.`,
      'Start the next revision. If it happens again, the source changes while it is read, or workers run different code: compare their versions.',
    )
  return winner
}
