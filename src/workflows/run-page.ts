import { formatRunId } from '../run/run-key.ts'
import type { RunStatus } from '../run/run-status.ts'
import { sampleText } from '../run/sample.ts'
import type { EarlierStages } from '../run/stage-durations.ts'
import { targetOption } from '../run/target-option.ts'
import { movedText, verdictText } from '../run/verdict-text.ts'
import { nextSteps, type Notice } from './next-steps.ts'
import { checkTable, gatePages, lineageList, moveTable, remarkList, segmentTable, stageTable } from './run-tables.ts'
import type { StepName } from './stage-failure.ts'

export interface PageContent extends Notice {
  /** The step at work or failed; undefined when none is. */
  readonly step: StepName | undefined
  /** For how long stages usually take. */
  readonly earlier: EarlierStages
}

/** The UI gives the page a little less height than it needs: these lines may be cut off. */
const FOOT = '\u00a0\n\n\u00a0'

/** The run as one Markdown page, for the Temporal UI. */
export function renderRunPage(page: PageContent): string {
  const { status, step, earlier } = page
  const id = status.runKey === '' ? status.pipeline : formatRunId(status)
  const head = [`**${id}**`, status.period, `**${status.status}**`]
  return [
    head.filter(Boolean).join(' · '),
    nextSteps(page),
    stageTable(status, step, earlier),
    status.refit?.text ?? '',
    status.sample ? sampleText(status.sample) : '',
    verdictLine(status),
    checkTable(status),
    gatePages(status, id + targetOption(page.targetName)),
    lineageList(status),
    moveTable(status),
    remarkList(status),
    segmentTable(status),
    FOOT,
  ]
    .filter((part) => part !== '')
    .join('\n\n')
}

function verdictLine(run: RunStatus): string {
  const { verdict, moved } = run
  return verdict === null ? '' : `Verdict: **${verdictText({ verdict, moved })}**. ${movedText(moved, run)}`
}
