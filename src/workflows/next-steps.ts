import { withoutDecision } from '../run/approval-text.ts'
import { formatCount, formatInstant } from '../run/figures.ts'
import type { ComparisonPages } from '../run/comparison-pages.ts'
import type { Decision } from '../run/decision.ts'
import { formatRunId } from '../run/run-key.ts'
import type { LiveModelOutcome, RunStatus } from '../run/run-status.ts'
import { targetOption } from '../run/target-option.ts'
import type { ApprovalRules } from './approval-rules.ts'
import { failureSteps, type ShownFailure } from './failure-page.ts'
import { fence } from './page-text.ts'

/** What has to be known to say what to do. */
export interface Notice {
  readonly status: RunStatus
  readonly targetName: string
  /** How held runs of the pipeline are decided. */
  readonly approval: ApprovalRules
  /** What a decision about the candidate must name, while the run is held. */
  readonly heldDigest: string | undefined
  readonly failure: ShownFailure | undefined
}

/** What a person can do about the run now; empty when there is nothing. */
export function nextSteps({ status, targetName, approval, heldDigest, failure }: Notice): string {
  const title = '### What to do next\n\n'
  if (failure !== undefined) return title + failureSteps(failure)
  if (status.supersededBy !== undefined)
    return `Superseded by \`${status.supersededBy}\`, which was published while this run was held: nothing is left to decide.`
  // A rejected run keeps the digest that it held.
  if (heldDigest === undefined || status.status === 'rejected') return ''
  const run = formatRunId(status) + targetOption(targetName)
  const { byLiveModel } = status
  const whom = approval.by ? ` ${approval.by.join(', ')} may decide.` : ''
  return [
    `${title}Look at the gates, the moves and the segments below, then decide.${whom} ${waitingText(status)}${withoutDecision(approval)}`,
    '',
    ...(status.pages
      ? [`- \`resegment compare ${run} --open\` shows the whole comparison: ${linkTo(status.pages)}`]
      : []),
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

/** A decision about `digest` as JSON, to be filled in and pasted into the UI; in two lines, which is as narrow as a digest allows. */
function decisionExample(digest: string, door: Decision['decision'] = 'approve'): string {
  const decision: Decision = { decision: door, reason: '…', by: '…', digest }
  return JSON.stringify(decision).replace('"digest"', '\n"digest"')
}

function waitingText({ hold }: RunStatus): string {
  if (!hold) return ''
  const reminded = hold.remindedAt.map(formatInstant).join(', ')
  return `Waiting since ${formatInstant(hold.since)}${reminded && `, reminder sent ${reminded}`}. `
}

/** Browsers open web addresses only; of others the address is shown, to be copied. */
function linkTo({ html }: ComparisonPages): string {
  return html.startsWith('http') ? `[page](${html})` : `\`${html}\``
}

/** What the third door would give, beside the command that takes it. */
function liveModelDoor(run: string, { verdict, moved, customers, pages }: LiveModelOutcome): string {
  const who = moved === null ? '' : `, ${formatCount(moved)} of ${formatCount(customers)} would move`
  return `- \`resegment use-live-model ${run} --reason "…"\` keeps the live segments and places today's customers in them (verdict ${verdict}${who})${pages ? `; \`resegment compare ${run} --live-model --open\` shows all of it` : ''}`
}
