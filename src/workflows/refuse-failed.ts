import { ApplicationFailure } from '@temporalio/workflow'
import type { ValidationOutput } from '../activities/activities.ts'
import { GateFailed } from '../errors/gate-failed.ts'

/** Ends a run whose candidate a gate fails. */
export function refuseFailed({ verdict, checks }: ValidationOutput): void {
  if (verdict !== 'fail') return
  const what = checks.filter(({ outcome }) => outcome === 'fail').map(({ gate, message }) => `Gate ${gate}: ${message}`)
  const failure = new GateFailed(
    what.join(' '),
    'See what changed in the source; correct it, or the gate, and run the next revision. The live segments stay.',
  )
  const { remedy, recovery } = failure
  throw ApplicationFailure.nonRetryable(failure.what, failure.type, { what: failure.what, remedy, recovery })
}
