import { ArtifactMissing } from '../errors/artifact-missing.ts'
import type { Definition } from '../plan/definition.ts'
import type { Services } from '../ports/services.ts'
import type { Sketch } from '../report/segmentation/sketch.ts'
import { sketchRole } from '../run/comparison-pages.ts'
import type { Validation } from '../stages/validate/validation.ts'
import { readDocument } from './read-document.ts'

/** What a report is made of. */
export interface ReportSources {
  readonly validation: Validation
  readonly sketch: Sketch
}

/** @param uri artifact of stage validate @throws ArtifactMissing, ConnectionFailed */
export async function readReport(
  services: Pick<Services, 'store'>,
  definition: Definition,
  uri: string,
): Promise<ReportSources> {
  const store = services.store(definition)
  const manifest = await store.readManifest(uri, 'manifest')
  if (!manifest?.files.some(({ role }) => role === sketchRole))
    throw new ArtifactMissing(
      manifest
        ? `An earlier version validated the run, and kept nothing to report of it (${uri}).`
        : `What the report is made of is not in the artifact store any more (${uri}).`,
      'A published run has its report beside its manifest; another run can be made anew with its next revision.',
    )
  const read = <T>(role: string): Promise<T> => readDocument<T>(store, uri, manifest.files, role)
  return { validation: await read<Validation>('validation'), sketch: await read<Sketch>(sketchRole) }
}
