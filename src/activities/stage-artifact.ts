import type { ArtifactAddress, ArtifactFile, ArtifactRef, Manifest } from '../run/artifact.ts'
import { atOnce } from '../run/at-once.ts'
import type { StageName } from '../run/stage.ts'
import type { ArtifactStore, NewFile } from '../ports/artifact-store.ts'
import type { RunPlan } from '../plan/run-plan.ts'
import { digestOf } from '../plan/digest.ts'
import { contentOf } from './artifact-content.ts'
import { ArtifactMissing } from '../errors/artifact-missing.ts'

/** Uploads keep some memory each, and mostly wait. */
const SENT_AT_ONCE = 4

/** What decides an artifact's address besides the run. */
export interface StageInputs {
  readonly stage: StageName
  /** Raised whenever the stage's meaning changes, so that old artifacts are not served for new code. */
  readonly stageVersion: number
  /** The parts of the definition the stage obeys. */
  readonly config: unknown
  /** Content digests of what it reads. */
  readonly reads: readonly string[]
  readonly shardCount: number
}

/** One artifact being made: knows its address, what is committed of it, and how to commit. */
export class StageArtifact {
  readonly uri: string
  readonly address: ArtifactAddress
  private readonly store: ArtifactStore

  constructor(store: ArtifactStore, plan: RunPlan, inputs: StageInputs) {
    this.store = store
    this.address = {
      pipeline: plan.pipeline,
      runKey: plan.runKey,
      revision: plan.revision,
      stage: inputs.stage,
      inputDigest: digestOf({ ...inputs, asOf: plan.asOf }),
    }
    this.uri = store.artifactUri(plan.definition.target.prefix, this.address)
  }

  /** @returns the committed manifest, or undefined */
  existing(): Promise<Manifest | undefined> {
    return this.store.readManifest(this.uri, 'manifest')
  }

  existingPart(shard: number): Promise<Manifest | undefined> {
    return this.store.readManifest(this.uri, `part-${shard}`)
  }

  /** @throws ArtifactMissing when a shard was not committed */
  async parts(shardCount: number): Promise<readonly Manifest[]> {
    return Promise.all(
      Array.from({ length: shardCount }, async (_, shard) => {
        const part = await this.existingPart(shard)
        if (!part)
          throw new ArtifactMissing(
            `Shard ${shard} of ${shardCount} of stage ${this.address.stage} is not in the store (${this.uri}/part-${shard}.json).`,
            'Start the next revision: it makes every artifact again.',
          )
        return part
      }),
    )
  }

  putFile(file: NewFile): Promise<ArtifactFile> {
    return this.store.putFile(this.uri, file)
  }

  /** Several at once. */
  putFiles(files: readonly NewFile[]): Promise<readonly ArtifactFile[]> {
    return atOnce(SENT_AT_ONCE, files, (file) => this.putFile(file))
  }

  commitPart(shard: number, files: readonly ArtifactFile[], summary: Manifest['summary']): Promise<Manifest> {
    return this.store.commitManifest(this.uri, `part-${shard}`, this.manifest(shard, files, summary))
  }

  /** @param files of all parts and the artifact's own documents */
  async commit(files: readonly ArtifactFile[], summary: Manifest['summary']): Promise<ArtifactRef> {
    return referTo(this.uri, await this.commitWhole(files, summary))
  }

  /** @returns what is committed, which is another attempt's when that was first */
  commitWhole(files: readonly ArtifactFile[], summary: Manifest['summary']): Promise<Manifest> {
    return this.store.commitManifest(this.uri, 'manifest', this.manifest(null, files, summary))
  }

  private manifest(shard: number | null, files: readonly ArtifactFile[], summary: Manifest['summary']): Manifest {
    const { contentDigest, rowCount } = contentOf(files)
    return { formatVersion: 1, address: this.address, shard, files, contentDigest, rowCount, summary }
  }
}

export function referTo(uri: string, manifest: Manifest): ArtifactRef {
  return { stage: manifest.address.stage, uri, contentDigest: manifest.contentDigest, rowCount: manifest.rowCount }
}
