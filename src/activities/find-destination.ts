import { ConfigInvalid } from '../errors/config-invalid.ts'
import type { SyncInput } from '../plan/sync-input.ts'
import type { DestinationConfig } from '../stages/publish/activation/config.ts'

/** @throws ConfigInvalid when the definition has no such destination */
export function configOf({
  definition,
  destination,
}: Pick<SyncInput, 'definition' | 'destination'>): DestinationConfig {
  const { pipeline, activate = {} } = definition.pipeline
  const config = activate[destination]
  if (config) return config
  const names = Object.keys(activate)
  throw new ConfigInvalid(
    `Pipeline ${pipeline} has no destination "${destination}"; it has ${names.length === 0 ? 'none' : names.join(', ')}.`,
    'Name one that is under activate in the pipeline file.',
  )
}
