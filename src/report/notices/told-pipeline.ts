import type { Definition } from '../../plan/definition.ts'
import type { Notice } from '../../run/notice.ts'

/** What a notice says of the pipeline, whatever happened. */
export type ToldPipeline = Pick<Definition, 'targetName' | 'contact' | 'runbook'> & {
  readonly pipeline: Pick<Definition['pipeline'], 'pipeline' | 'owner'>
}

export function ofPipeline({
  targetName,
  contact,
  runbook,
  pipeline,
}: ToldPipeline): Pick<Notice, 'pipeline' | 'target' | 'contact' | 'runbook'> {
  return {
    pipeline: pipeline.pipeline,
    target: targetName,
    contact: [pipeline.owner, contact].filter(Boolean).join(', '),
    runbook,
  }
}

/** ` in target prod`; nothing for the only one that most people know. */
export function subjectOf(targetName: string, text: string): string {
  return `[${targetName}] ${text}`
}
