import type { Ledger } from '../ports/ledger.ts'
import { SUPERSEDED_SIGNAL, type Successor } from '../run/decision.ts'
import { formatRunId } from '../run/run-key.ts'
import { type DatedRun, isOvertaken } from '../run/succession.ts'
import { ignoreUnknown, type Workflows } from './settle-runs.ts'

/**
 * Tells every open run that a publication has overtaken. A held one ends; one at work would be refused at its next look at what is live, and
 * ends instead when it comes to be held. Temporal keeps the signal for a run whose worker is down; a second one changes nothing.
 *
 * @param workflows asked for when somebody has to be told
 * @param published what is live now, or was filled in
 */
export async function supersedeOvertaken(
  workflows: () => Workflows,
  ledger: Ledger,
  pipeline: string,
  published: DatedRun & { readonly isHistorical?: boolean },
): Promise<void> {
  const successor: Successor = { runId: formatRunId(published), asOf: published.asOf }
  for (const run of await ledger.openRuns(pipeline))
    if (isOvertaken(run, published))
      await workflows().getHandle(run.workflowId).signal(SUPERSEDED_SIGNAL, successor).catch(ignoreUnknown)
}
