import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { ArtifactStore } from '../ports/artifact-store.ts'
import type { Publication, ReportFile } from '../ports/destination.ts'
import { layOutReport } from '../report/segmentation/lay-out-report.ts'
import type { Sketch } from '../report/segmentation/sketch.ts'
import type { ArtifactRef } from '../run/artifact.ts'
import { pageRoles, sketchRole } from '../run/comparison-pages.ts'
import { type Decision, takenAs } from '../run/decision.ts'
import { readManifestOf } from './read-artifact.ts'
import { readDocument } from './read-document.ts'
import { renderPage } from './render-page.ts'

/**
 * The pages that are published beside the rows: the report of what is put out, and the comparison as people saw it who decided. Of a run that an
 * earlier version validated only the latter.
 */
export async function makePages(
  store: ArtifactStore,
  ref: ArtifactRef,
  { validation }: Publication,
  decision: Decision | null,
  scratchPath: string,
): Promise<readonly ReportFile[]> {
  const { files } = await readManifestOf(store, ref)
  const comparison = files.find(({ role }) => role === pageRoles.html)
  const comparisons = comparison ? [{ name: 'comparison', localPath: await store.fetchFile(ref.uri, comparison) }] : []
  if (!files.some(({ role }) => role === sketchRole)) return comparisons
  const sketch = await readDocument<Sketch>(store, ref.uri, files, sketchRole)
  const taken = decision && { ...decision, decision: takenAs[decision.decision] }
  const localPath = join(scratchPath, 'report.html')
  await writeFile(localPath, await renderPage(layOutReport({ validation, sketch, decision: taken })))
  return [{ name: 'report', localPath }, ...comparisons]
}
