import { setCurrentDetails, upsertSearchAttributes, workflowInfo } from '@temporalio/workflow'
import type { StageOutput, ValidationOutput } from '../activities/activities.ts'
import type { RunInput, RunPlan } from '../plan/run-plan.ts'
import { formatRunId } from '../run/run-key.ts'
import type { RunState, RunStatus } from '../run/run-status.ts'
import { stageNames, type StageName } from '../run/stage.ts'
import { type PageContent, renderRunPage } from './run-page.ts'
import { type SearchAttributeName, searchAttributes } from './search-attributes.ts'
import {
  failureContextOf,
  failureText,
  type FailureContext,
  type StageFailure,
  type StepName,
} from './stage-failure.ts'

const noNotice = { decisionExample: undefined, failure: undefined }

/** What the run has done so far: the answer of the query, the page in the UI, the search attributes. */
export class RunJournal {
  status: RunStatus
  private readonly input: RunInput
  private step: StepName | undefined
  private resetEventId = 0
  private enteredMs = 0
  private notice: Pick<PageContent, 'decisionExample' | 'failure'> = noNotice
  private readonly attributes = new Map<string, string>()

  constructor(input: RunInput) {
    const { workflowId, runId, typedSearchAttributes } = workflowInfo()
    this.input = input
    for (const key of Object.values(searchAttributes)) {
      const value = typedSearchAttributes.get(key)
      if (value !== undefined) this.attributes.set(key.name, value)
    }
    this.status = {
      runKey: '',
      revision: typeof input.revision === 'number' ? input.revision : 1,
      pipeline: input.definition.pipeline.pipeline,
      period: '',
      asOf: input.asOf ?? '',
      status: 'running',
      verdict: null,
      stages: [],
      segments: [],
      checks: [],
      moved: null,
      manifestUri: null,
      workflowId,
      temporalRunId: runId,
    }
  }

  /** Called right before the step's first activity is scheduled: only there is the next event the one to reset to. */
  enter(step: StepName): void {
    this.step = step
    this.notice = noNotice
    this.resetEventId = workflowInfo().historyLength + 1
    this.enteredMs = Date.now()
    if (isStage(step)) this.find({ stage: step })
    this.change({ status: 'running' })
  }

  planned({ runKey, revision, period, asOf, pipeline, options }: RunPlan): void {
    this.status = { ...this.status, runKey, revision, period, asOf }
    const run = formatRunId({ runKey, revision })
    this.find({ pipeline, run: options.dryRun ? `${run}-dry` : run, asOf, stage: 'extract' })
    this.change({})
  }

  /** A stage's seconds are the step's, fan-out and waiting included, not those of its last activity. */
  finished({ counts }: Pick<StageOutput, 'counts'>): void {
    const stages = this.status.stages.filter(({ stage }) => stage !== counts.stage)
    this.change({ stages: [...stages, { ...counts, seconds: (Date.now() - this.enteredMs) / 1000 }] })
  }

  validated({ verdict, checks, segments, moved, counts }: ValidationOutput): void {
    this.finished({ counts })
    const short = checks.map(({ gate, outcome, value }) => ({ gate, outcome, value }))
    this.change({ verdict, moved, segments, checks: short })
  }

  held(decisionExample: string): void {
    this.notice = { ...noNotice, decisionExample }
    this.change({ status: 'held' })
  }

  failed(failure: StageFailure): void {
    this.notice = { ...noNotice, failure: failureText(failure, this.failureContext()) }
    this.change({ status: 'failed' })
  }

  ended(status: RunState, facts: Partial<RunStatus> = {}): RunStatus {
    this.find({ outcome: status })
    this.change({ ...facts, status })
    return this.status
  }

  failureContext(): FailureContext {
    return failureContextOf(this.input.definition, this.status, this.step ?? 'plan', this.resetEventId)
  }

  private change(facts: Partial<RunStatus>): void {
    this.status = { ...this.status, ...facts }
    setCurrentDetails(renderRunPage({ status: this.status, step: this.step, ...this.notice }))
  }

  /** Each upsert is an event of the history: only what changed. */
  private find(values: Partial<Record<SearchAttributeName, string>>): void {
    const changed = Object.entries(values)
      .map(([name, value]) => ({ key: searchAttributes[name as SearchAttributeName], value }))
      .filter(({ key, value }) => this.attributes.get(key.name) !== value)
    for (const { key, value } of changed) this.attributes.set(key.name, value)
    if (changed.length > 0) upsertSearchAttributes(changed)
  }
}

function isStage(step: StepName): step is StageName {
  return (stageNames as readonly string[]).includes(step)
}
