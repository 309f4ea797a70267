import { formatRunId, runArguments, type RunIdentity } from '../../run/run-key.ts'
import { targetOption } from '../../run/target-option.ts'
import type { GateOutcome } from '../../run/verdict.ts'
import type { Choice } from './compared-run.ts'

export interface DecidedRun extends RunIdentity {
  readonly asOf: string
  readonly targetName: string
  readonly verdict: GateOutcome
  /** What a decision names, so that it is about this very comparison. */
  readonly digest: string
  /** The page is of the third door: the customers as the live model places them. */
  readonly isByLiveModel: boolean
  /** There is a third door. */
  readonly canUseLiveModel: boolean
}

/** What a person may do about a run, by its verdict; nothing where the run goes on by itself. */
export function decisionChoices(run: DecidedRun): readonly Choice[] {
  const id = formatRunId(run) + targetOption(run.targetName)
  const decision = (door: string): string => `resegment ${door} ${id} --digest ${run.digest} --reason "…"`
  const reject = { command: `resegment reject ${id} --reason "…"`, text: 'leaves everything as it is.' }
  const candidate = `resegment compare ${id}`
  if (run.isByLiveModel)
    return [
      ...(run.verdict === 'fail'
        ? []
        : [
            {
              command: decision('use-live-model'),
              text: 'keeps the live segments and publishes these customers in them.',
            },
          ]),
      { command: candidate, text: 'shows the candidate with its new segments, which is what is held.' },
      reject,
    ]
  switch (run.verdict) {
    case 'fail':
      return [
        {
          command: `resegment run ${runArguments(run.runKey, run.asOf)} --revision next${targetOption(run.targetName)}`,
          text: 'runs again, once the source or the gate is corrected: what a gate fails cannot be approved.',
        },
      ]
    case 'hold':
      return [
        { command: decision('approve'), text: 'publishes exactly what is shown here.' },
        reject,
        ...(run.canUseLiveModel
          ? [
              {
                command: `resegment use-live-model ${id} --reason "…"`,
                text: `keeps the live segments and places today’s customers in them; ${candidate} --live-model shows what that gives.`,
              },
            ]
          : []),
        { command: `resegment moves ${id}`, text: 'lists the customers who would move.' },
      ]
    case 'pass':
    case 'warn':
    case 'not-computable':
      return []
  }
}
