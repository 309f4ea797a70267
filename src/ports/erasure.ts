import type { KeptDefinition } from '../plan/kept-definition.ts'
import type { ErasureReport } from '../run/erasure.ts'
import type { RunIdentity } from '../run/run-key.ts'

/** Somebody wants customers forgotten. */
export interface ErasureWish {
  readonly customerIds: readonly string[]
  readonly by: string
  readonly reason: string
}

/** A wish that was written down. */
export interface ErasureRequest {
  readonly requestId: string
  readonly customers: number
  /** ISO 8601, UTC. */
  readonly askedAt: string
  /** ISO 8601, UTC: until when it has to be done. */
  readonly dueAt: string
  /** ISO 8601, UTC; null: it is not done. */
  readonly finishedAt: string | null
}

/** A run that destinations may believe the customers to be in. */
export interface WithdrawnRun extends RunIdentity {
  readonly pipeline: string
  readonly withdrawal: number
  /** Of the run; null: nobody kept it. */
  readonly definition: KeptDefinition | null
  readonly validationUri: string | null
}

/** Requests to forget customers, in the warehouse: raw ids for as long as it takes, then the evidence alone. */
export interface Erasures {
  /** Puts the customers on the list of those who are not to be segmented, and their ids where the erasure finds them. */
  ask(wish: ErasureWish): Promise<ErasureRequest>
  /** @throws ErasureNotFound */
  read(requestId: string): Promise<ErasureRequest>
  /** Empty once it is done. */
  customerIds(requestId: string): Promise<readonly string[]>
  /** Consumers cease to see the customers. May be called again. */
  withdraw(requestId: string): Promise<void>
  /** What was withdrawn since the request was made, or earlier where a destination has still to hear of it. */
  withdrawnRuns(requestId: string): Promise<readonly WithdrawnRun[]>
  /** Destinations that have heard of a withdrawal, by its own sync or a newer one: `7 crm`. */
  told(withdrawals: readonly number[]): Promise<readonly string[]>
  /** Definitions of runs that were ever recorded, of each pipeline the newest: where its artifacts and files are. */
  definitions(): Promise<readonly KeptDefinition[]>
  /** Writes the evidence down and removes the ids. */
  finish(requestId: string, report: ErasureReport): Promise<ErasureRequest>
  close(): Promise<void>
}
