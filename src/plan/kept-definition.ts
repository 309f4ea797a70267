import type { Definition } from './definition.ts'
import { digestOf } from './digest.ts'

/** A definition as the warehouse keeps it, by its hash: what it means, without where it runs. */
export type KeptDefinition = Pick<
  Definition,
  'formatVersion' | 'connections' | 'sources' | 'pipeline' | 'contact' | 'runbook'
>

/** Customers whom people put somewhere are told by a digest: the warehouse keeps no more about single people than it must. */
export function keptDefinition(definition: Definition): KeptDefinition {
  const { formatVersion, connections, sources, pipeline, contact, runbook } = definition
  const { overrides, ...others } = pipeline
  const told = overrides && { overrides: digestOf(overrides).slice(0, 16) as unknown as typeof overrides }
  return { formatVersion, connections, sources, pipeline: { ...others, ...told }, contact, runbook }
}
