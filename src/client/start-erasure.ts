import { ERASURE_WORKFLOW_TYPE, erasureStartOf, type ErasureInput } from '../plan/erasure-input.ts'
import type { TemporalAccess } from './connect.ts'
import { startOrJoin } from './start-or-join.ts'

/**
 * Starts an erasure, or attaches to it while it runs.
 *
 * @returns the Workflow Id
 */
export function startErasure(access: TemporalAccess, input: ErasureInput): Promise<string> {
  return startOrJoin(access, ERASURE_WORKFLOW_TYPE, erasureStartOf(input))
}
