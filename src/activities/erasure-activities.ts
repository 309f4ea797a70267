import type { ErasureInput } from '../plan/erasure-input.ts'
import type { ErasureReport, StoreErasure } from '../run/erasure.ts'

/** What an erasure is about, without naming anybody. */
export interface PlannedErasure {
  readonly customers: number
  /** ISO 8601, UTC. */
  readonly askedAt: string
  /** ISO 8601, UTC. */
  readonly dueAt: string
  /** Places to erase from. */
  readonly stores: readonly string[]
}

/** The activities of `eraseCustomer`. Each may happen twice; none takes or returns an id. */
export interface ErasureActivities {
  planErasure(input: ErasureInput): Promise<PlannedErasure>
  /** Consumers cease to see the customers. */
  withdrawCustomers(input: ErasureInput): Promise<void>
  /** Lets destinations hear that they left. @returns those that did not in the time they have: `crm of shop` */
  tellDestinations(input: ErasureInput): Promise<readonly string[]>
  eraseFromStore(input: ErasureInput, store: string): Promise<StoreErasure>
  /** @returns how many rows of the customers a store still holds */
  lookAgain(input: ErasureInput, store: string): Promise<number>
  /** Writes the evidence down and removes the ids. */
  finishErasure(input: ErasureInput, report: ErasureReport): Promise<void>
}
