import type { GateEntry } from './entry.ts'
import type { GatePolicies } from './judge.ts'

/** What a gate has to say on a first run. */
export function firstRunText({ kind }: Pick<GateEntry, 'kind'>, { firstRun }: GatePolicies): string {
  if (kind === 'comparison') return firstRun === 'hold' ? 'holds: nothing to compare with' : 'nothing to compare with'
  return firstRun === 'publish' ? 'counts, but only warns where it would hold' : 'counts'
}
