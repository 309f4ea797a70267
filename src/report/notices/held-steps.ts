import type { NoticeStep } from '../../run/notice.ts'
import type { RunStatus } from '../../run/run-status.ts'
import { shortVerdict } from '../../run/verdict-text.ts'

/** What a person may do about a held run. @param run as commands take it */
export function heldSteps({ pages, byLiveModel }: RunStatus, run: string): readonly NoticeStep[] {
  return [
    ...(pages ? [{ text: 'Look at the whole comparison:', command: `resegment compare ${run} --open` }] : []),
    { text: 'List the customers who would move:', command: `resegment moves ${run}` },
    { text: 'Publish it:', command: `resegment approve ${run} --reason "…"` },
    { text: 'Leave everything as it is:', command: `resegment reject ${run} --reason "…"` },
    ...(byLiveModel && byLiveModel.verdict !== 'fail'
      ? [
          {
            text: `Keep the live segments, and place today's customers in them (verdict ${shortVerdict(byLiveModel)}):`,
            command: `resegment use-live-model ${run} --reason "…"`,
          },
        ]
      : []),
    { text: 'Or in the Temporal UI: More Actions, Send an Update, decide; the page of the run has the argument.' },
  ]
}
