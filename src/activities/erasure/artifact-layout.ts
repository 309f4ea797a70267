import { extname } from 'node:path'
import { artifactFileUri, locateArtifactFile } from '../../run/artifact-files.ts'
import type { ArtifactFile, Manifest } from '../../run/artifact.ts'
import { hasBucket } from './customer-rows.ts'
import { customersOf, rewrittenOf, type StoredLayout, type StoredManifest } from './stored-layout.ts'

const WHOLE = 'manifest.json'
/** Values of a shard while the others are counted: once the artifact is whole its profile has what is to be known. */
const TALLY = /^tally-[0-9a-f]{12}\.json$/

/** Artifacts: `<pipeline>/<run>/<stage>-<digest>/` with `manifest.json`, and `part-<shard>.json` until then; refused rows lie apart. */
export const artifactLayout: StoredLayout = {
  indent: 1,
  locate: locateArtifactFile,
  uriOf: artifactFileUri,
  hasRows: (uri) => extname(uri) === '.parquet',
  isManifest: (path) => path === WHOLE || /^part-\d+\.json$/.test(path),
  filesOf: (manifest) => manifestOf(manifest).files.map(({ name }) => name),
  mayHold(path, manifests, buckets) {
    const whole = manifests.map(manifestOf).find(({ shard }) => shard === null)
    const file = whole?.files.find(({ name }) => name === path)
    if (!whole || !file || file.shard === null) return true
    const shardCount = whole.files.filter(({ role }) => role === file.role).length
    return hasBucket(buckets, file.shard, shardCount)
  },
  rename: (path, sha256) => path.replace(/-[0-9a-f]{12}(?=\.[a-z]+$)/, `-${sha256.slice(0, 12)}`),
  revise(stored, rewritten) {
    const manifest = manifestOf(stored)
    const files = manifest.files.map((file): ArtifactFile => {
      const { name, bytes, sha256, digest } = rewritten.get(file.name) ?? {}
      return name === undefined
        ? file
        : { ...file, name, bytes: bytes!, sha256: sha256!, ...(digest && { rows: digest }) }
    })
    const gone = rewrittenOf(this.filesOf(stored), rewritten)
    const erased = {
      customers: (manifest.erased?.customers ?? 0) + customersOf(gone),
      rows: (manifest.erased?.rows ?? 0) + gone.reduce((sum, { erasedRows }) => sum + erasedRows, 0),
    }
    return { ...manifest, files, erased }
  },
  isSpent: (path) => TALLY.test(path),
}

function manifestOf(stored: StoredManifest): Manifest {
  return stored as unknown as Manifest
}
