import { startSync } from '../client/start-sync.ts'
import type { TemporalAccess } from '../client/connect.ts'
import type { Definition } from '../plan/definition.ts'
import type { Withdrawal } from '../ports/suppression.ts'

/** Starts telling destinations that customers left, as their pipelines are defined now. @returns names of the destinations: `crm of shop` */
export async function startWithdrawalSyncs(
  access: TemporalAccess,
  definitions: readonly Definition[],
  withdrawn: readonly Withdrawal[],
): Promise<readonly string[]> {
  const names: string[] = []
  for (const { pipeline, id: withdrawal, runKey, revision } of withdrawn) {
    const definition = definitions.find((one) => one.pipeline.pipeline === pipeline)
    for (const destination of Object.keys(definition?.pipeline.activate ?? {})) {
      const input = { runKey, revision, destination, validationUri: null, withdrawal }
      await startSync(access, { ...input, definition: definition! })
      names.push(`${destination} of ${pipeline}`)
    }
  }
  return names
}
