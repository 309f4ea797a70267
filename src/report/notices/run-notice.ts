import type { Definition } from '../../plan/definition.ts'
import { withoutDecision } from '../../run/approval-text.ts'
import { formatInstant } from '../../run/figures.ts'
import { gateRows } from '../../run/gate-text.ts'
import type { Notice, NoticeStep } from '../../run/notice.ts'
import { formatRunId } from '../../run/run-key.ts'
import { occasionId, type RunOccasion } from '../../run/run-occasion.ts'
import type { RunStatus } from '../../run/run-status.ts'
import { targetOption } from '../../run/target-option.ts'
import { foundSentences } from './published-sentences.ts'
import { heldSteps } from './held-steps.ts'
import { ofPipeline, subjectOf } from './told-pipeline.ts'

/** What people are told of a run. */
export interface ToldRun {
  readonly definition: Definition
  readonly status: RunStatus
  readonly occasion: RunOccasion
  /** Of the run in the Temporal UI; null: nobody has said where that is. */
  readonly temporalUi: string | null
}

export function describeRunNotice(told: ToldRun): Notice {
  const { definition, status, occasion } = told
  const { targetName } = definition
  // Before there is a plan a run has no name but that of its workflow.
  const run = status.runKey === '' ? status.workflowId.split('/').at(-1)! : formatRunId(status)
  return {
    kind: occasion.kind,
    key: `${status.pipeline}/${run}/${occasion.kind}/${occasionId(occasion, status.temporalRunId)}`,
    ...ofPipeline(definition),
    run,
    subject: subjectOf(targetName, `${run} ${headlineOf(occasion)}`),
    sentences: sentencesOf(told),
    steps: stepsOf(told, run + targetOption(targetName)),
    links: linksOf(told),
  }
}

function headlineOf(occasion: RunOccasion): string {
  switch (occasion.kind) {
    case 'failed':
      return `failed in ${occasion.failure.stage}: ${occasion.failure.type}`
    case 'held':
      return 'waits for a decision'
    case 'reminded':
      return `has been waiting for a decision for ${occasion.waited}`
    case 'published':
      return occasion.isHistorical ? 'has filled in the past' : 'is published'
    case 'rejected':
      return 'was rejected'
    case 'superseded':
      return 'was overtaken while it was held'
  }
}

function sentencesOf({ definition, status, occasion }: ToldRun): readonly string[] {
  const stays = 'What was live stays live.'
  switch (occasion.kind) {
    case 'failed': {
      const { stage, type, what, remedy } = occasion.failure
      return [`Stage ${stage} failed (${type}): ${what}`, remedy, stays]
    }
    case 'held':
    case 'reminded':
      return [
        ...gateRows(status.checks, status.moved).map(([gate, outcome, value]) => `${gate}: ${value}, ${outcome}.`),
        ...status.checks.flatMap(({ page }) => (page ? [page.message] : [])),
        ...foundSentences(status).slice(0, 3),
        waitingSentence(definition, status),
      ]
    case 'published':
      return [
        ...(occasion.isHistorical ? [`It is in the history alone. ${stays}`] : []),
        ...foundSentences(status),
        ...(occasion.decision ? [decided(occasion.decision)] : []),
      ]
    case 'rejected':
      return [decided(occasion.decision), stays]
    case 'superseded':
      return [`${occasion.successor.runId} was published meanwhile: nobody has to decide any more.`]
  }
}

const words = { approve: 'Approved', reject: 'Rejected', useLiveModel: 'The live model was chosen' } as const

function decided({ decision, by, reason }: { decision: keyof typeof words; by: string; reason: string }): string {
  return by === 'timeout'
    ? `${words[decision]} for want of a decision: ${reason}`
    : `${words[decision]} by ${by}: ${reason}`
}

function waitingSentence({ pipeline }: Definition, { hold }: RunStatus): string {
  const since = hold ? `Waiting since ${formatInstant(hold.since)}. ` : ''
  const { by } = pipeline.validate.approval
  return `${since}${by ? `${by.join(', ')} may decide. ` : ''}${withoutDecision(pipeline.validate.approval)}`
}

function stepsOf({ status, occasion }: ToldRun, run: string): readonly NoticeStep[] {
  switch (occasion.kind) {
    case 'failed':
      return [{ text: occasion.failure.next }]
    case 'held':
    case 'reminded':
      return heldSteps(status, run)
    case 'published':
    case 'rejected':
      return status.pages ? [{ text: 'The whole comparison:', command: `resegment compare ${run} --open` }] : []
    case 'superseded':
      return []
  }
}

function linksOf({ status, occasion, temporalUi }: ToldRun): Notice['links'] {
  const manifestUri = occasion.kind === 'published' ? occasion.manifestUri : null
  return [
    ...(temporalUi === null ? [] : [{ title: 'The run in the Temporal UI', address: temporalUi }]),
    ...(status.pages ? [{ title: 'Comparison', address: status.pages.html }] : []),
    ...(manifestUri === null ? [] : [{ title: 'Files', address: manifestUri }]),
  ]
}
