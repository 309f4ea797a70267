import { formatRunId } from '../run/run-key.ts'
import { formatCount } from '../run/figures.ts'
import type { LiveModelOutcome, RunStatus } from '../run/run-status.ts'
import { targetOption } from '../run/target-option.ts'
import { movedText, verdictText } from '../run/verdict-text.ts'
import { type ApprovalRules, decisionExample } from './approval.ts'
import { checkTable, gatePages, lineageList, moveTable, segmentTable, stageTable } from './run-tables.ts'
import type { StepName } from './stage-failure.ts'

export interface PageContent {
  readonly status: RunStatus
  readonly targetName: string
  /** How held runs of the pipeline are decided. */
  readonly approval: ApprovalRules
  /** The step at work or failed; undefined when none is. */
  readonly step: StepName | undefined
  /** What a decision about the candidate must name, while the run is held. */
  readonly heldDigest: string | undefined
  /** Whole text of the failure. */
  readonly failure: string | undefined
}

const LINE_CHARACTERS = 76
/** The UI gives the page a little less height than it needs: these lines may be cut off. */
const FOOT = '\u00a0\n\n\u00a0'

/** The run as one Markdown page, for the Temporal UI. */
export function renderRunPage(page: PageContent): string {
  const { status, step } = page
  const id = status.runKey === '' ? status.pipeline : formatRunId(status)
  const head = [`**${id}**`, status.period, `**${status.status}**`]
  return [
    head.filter(Boolean).join(' · '),
    nextSteps(page),
    stageTable(status, step),
    status.refit?.text ?? '',
    verdictLine(status),
    checkTable(status),
    gatePages(status, id + targetOption(page.targetName)),
    lineageList(status),
    moveTable(status),
    segmentTable(status),
    FOOT,
  ]
    .filter((part) => part !== '')
    .join('\n\n')
}

function verdictLine({ verdict, moved, status }: RunStatus): string {
  return verdict === null ? '' : `Verdict: **${verdictText({ verdict, moved })}**. ${movedText(moved, status)}`
}

function nextSteps({ status, targetName, approval, heldDigest, failure }: PageContent): string {
  const title = '### What to do next\n\n'
  if (failure !== undefined) return `${title}${fence(wrapped(failure))}`
  if (heldDigest === undefined) return ''
  const run = formatRunId(status) + targetOption(targetName)
  const { byLiveModel } = status
  const whom = approval.by ? ` ${approval.by.join(', ')} may decide.` : ''
  return [
    `${title}Look at the gates, the moves and the segments below, then decide.${whom} ${withoutDecision(approval)}`,
    '',
    `- \`resegment moves ${run}\` lists the customers who would move`,
    `- \`resegment approve ${run} --reason "…"\``,
    `- \`resegment reject ${run} --reason "…"\` leaves everything as it is`,
    ...(byLiveModel ? [liveModelDoor(run, byLiveModel)] : []),
    '- or here: _More Actions_, _Send an Update_, `decide`, with this argument (`reject` instead of `approve` to reject):',
    '',
    fence(decisionExample(heldDigest)),
    ...(byLiveModel
      ? ['', 'or, to use the live model:', '', fence(decisionExample(byLiveModel.digest, 'useLiveModel'))]
      : []),
  ].join('\n')
}

function withoutDecision({ within, otherwise }: ApprovalRules): string {
  const then =
    otherwise === 'useLiveModel'
      ? 'the live model places the customers where its own gates allow it, else the run is rejected'
      : 'the run is rejected'
  return `Without a decision within ${within} ${then}.`
}

/** What the third door would give, beside the command that takes it. */
function liveModelDoor(run: string, { verdict, moved, customers }: LiveModelOutcome): string {
  const who = moved === null ? '' : `, ${formatCount(moved)} of ${formatCount(customers)} would move`
  return `- \`resegment use-live-model ${run} --reason "…"\` keeps the live segments and places today's customers in them (verdict ${verdict}${who})`
}

const SPACE_IN_COMMAND = '\u0000'

/** The UI does not wrap fenced text: what does not fit is not read. A command stays in one piece, to be copied. */
function wrapped(text: string): string {
  const whole = text.replace(/`[^`\n]+`/g, (command) => command.replaceAll(' ', SPACE_IN_COMMAND))
  const line = new RegExp(`(?![^\\n]{1,${LINE_CHARACTERS}}$)([^\\n]{1,${LINE_CHARACTERS}})[ ]`, 'gm')
  return whole.replace(line, '$1\n').replaceAll(SPACE_IN_COMMAND, ' ')
}

/** Text that is not ours must not become Markdown: the fence is longer than any run of backticks in it. */
function fence(text: string): string {
  const longest = Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length))
  const ticks = '`'.repeat(Math.max(3, longest + 1))
  return `${ticks}\n${text}\n${ticks}`
}
