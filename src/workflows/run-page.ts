import { formatRunId } from '../run/run-key.ts'
import type { RunStatus } from '../run/run-status.ts'
import { targetOption } from '../run/target-option.ts'
import { movedText, verdictText } from '../run/verdict-text.ts'
import { checkTable, lineageList, moveTable, segmentTable, stageTable } from './run-tables.ts'
import type { StepName } from './stage-failure.ts'

export interface PageContent {
  readonly status: RunStatus
  readonly targetName: string
  /** How long a held run waits: `5 days`. */
  readonly approvalWithin: string
  /** The step at work or failed; undefined when none is. */
  readonly step: StepName | undefined
  /** The decision that a held run waits for, as JSON to paste. */
  readonly decisionExample: string | undefined
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
    verdictLine(status),
    checkTable(status),
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

function nextSteps({ status, targetName, approvalWithin, decisionExample, failure }: PageContent): string {
  const title = '### What to do next\n\n'
  if (failure !== undefined) return `${title}${fence(wrapped(failure))}`
  if (decisionExample === undefined) return ''
  const run = formatRunId(status) + targetOption(targetName)
  return (
    `${title}Look at the gates, the moves and the segments below, then decide. Without a decision within ${approvalWithin} the run is rejected.\n\n` +
    `- \`resegment moves ${run}\` lists the customers who would move\n` +
    `- \`resegment approve ${run} --reason "…"\`\n` +
    `- \`resegment reject ${run} --reason "…"\`\n` +
    `- or here: _More Actions_, _Send an Update_, \`decide\`, with this argument (\`reject\` instead of \`approve\` to reject):\n\n` +
    fence(decisionExample)
  )
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
