import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { RunPlan } from '../plan/run-plan.ts'
import type { NewFile } from '../ports/artifact-store.ts'
import type { PublishedState } from '../ports/ledger.ts'
import { decisionChoices } from '../report/comparison/decision-choices.ts'
import { describeComparison } from '../report/comparison/describe-comparison.ts'
import { renderHtml } from '../report/comparison/render-html.ts'
import { renderMarkdown } from '../report/comparison/render-markdown.ts'
import type { ArtifactFile } from '../run/artifact.ts'
import { pageRoles } from '../run/comparison-pages.ts'
import { formatRunId } from '../run/run-key.ts'
import type { Validation } from '../stages/validate/validation.ts'
import type { Attempt } from './attempt.ts'
import type { StageArtifact } from './stage-artifact.ts'

/** What the page is of. */
export interface ComparedValidation {
  readonly plan: RunPlan
  readonly state: PublishedState
  readonly validation: Validation
  /** Content digest of the artifact. */
  readonly digest: string
  /** The live model placed the customers. */
  readonly isKept: boolean
}

/** Writes the page of a comparison, in both forms, beside what it is of: it is there before anybody has to decide. */
export async function putComparison(
  artifact: StageArtifact,
  { scratchPath }: Attempt,
  { plan, state, validation, digest, isKept }: ComparedValidation,
): Promise<readonly ArtifactFile[]> {
  const { runKey, revision, period, asOf } = plan
  const page = describeComparison({
    ...{ runId: formatRunId(plan), period, asOf },
    against: state.live && { runId: formatRunId(state.live), asOf: state.live.asOf },
    keepsSegments: isKept,
    findings: validation,
    namesBefore: Object.fromEntries(state.segments.map(({ segmentKey, name }) => [segmentKey, name])),
    choices: plan.options.dryRun
      ? []
      : decisionChoices({
          ...{ runKey, revision, asOf, digest },
          targetName: plan.definition.targetName,
          verdict: validation.verdict,
          isByLiveModel: plan.isByLiveModel ?? false,
          canUseLiveModel: validation.canUseLiveModel,
        }),
  })
  const written = async (role: string, extension: string, text: string): Promise<NewFile> => {
    const localPath = join(scratchPath, `${role}${extension}`)
    await writeFile(localPath, text)
    return { role, shard: null, extension, localPath }
  }
  return artifact.putFiles([
    await written(pageRoles.html, '.html', renderHtml(page)),
    await written(pageRoles.markdown, '.md', renderMarkdown(page)),
  ])
}

/** Addresses of the page; absent for an artifact that an earlier version made. */
export function pagesOf(uri: string, files: readonly ArtifactFile[]) {
  const addressOf = (role: string): string | undefined => {
    const file = files.find((one) => one.role === role)
    return file && `${uri}/${file.name}`
  }
  const [html, markdown] = [addressOf(pageRoles.html), addressOf(pageRoles.markdown)]
  return html === undefined || markdown === undefined ? {} : { pages: { html, markdown } }
}
