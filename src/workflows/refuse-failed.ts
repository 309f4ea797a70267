import { ApplicationFailure } from '@temporalio/workflow'
import type { ValidationOutput } from '../activities/activities.ts'
import { GateFailed } from '../errors/gate-failed.ts'
import { gateRows } from '../run/gate-text.ts'

const MAX_SENTENCE_CHARACTERS = 240

/**
 * Ends a run that a gate fails. The candidate stays in the artifact store, so that it can be looked at.
 *
 * @throws GateFailed with the table of the gates that did not pass, then what the failed ones say
 */
export function refuseFailed({ verdict, checks, moved }: Pick<ValidationOutput, 'verdict' | 'checks' | 'moved'>): void {
  if (verdict !== 'fail') return
  const failed = checks.filter((check) => check.outcome === 'fail' || check.effect === 'fail')
  const rows = gateRows(checks, moved)
  const passed = checks.length - rows.length
  const width = (column: 0 | 1): number => Math.max(...rows.map((row) => row[column].length))
  const what = [
    `${failed.map(({ gate }) => gate).join(', ')} ${failed.length === 1 ? 'fails' : 'fail'}.`,
    ...rows.map(([gate, outcome, value]) => `  ${gate.padEnd(width(0))}  ${outcome.padEnd(width(1))}  ${value}`),
    ...(passed > 0 ? [`  ${passed} other gates passed.`] : []),
    ...failed.map(({ gate, message }) => `${gate}: ${shorten(message)}`),
  ].join('\n')
  const failure = new GateFailed(
    what,
    'See what changed in the source; correct it, or the gate, and run the next revision. The live segments stay, and `resegment moves` lists who would have moved.',
  )
  const { remedy, recovery } = failure
  throw ApplicationFailure.nonRetryable(failure.what, failure.type, { what: failure.what, remedy, recovery })
}

function shorten(text: string): string {
  return text.length > MAX_SENTENCE_CHARACTERS ? `${text.slice(0, MAX_SENTENCE_CHARACTERS - 1)}…` : text
}
