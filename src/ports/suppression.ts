import type { RunIdentity } from '../run/run-key.ts'

/** What HMAC-SHA-256 prefixes a message with. Secret, as the key itself is. */
export interface KeyPads {
  readonly inner: Buffer
  readonly outer: Buffer
}

/** Customers who are not to be segmented, by keyed hash. */
export interface SuppressedHashes {
  /** Lower-case hex, sorted. Never empty. */
  readonly hashes: readonly string[]
  readonly pads: KeyPads
  /** Of the hashes: the same for the same list. */
  readonly digest: string
}

/** Somebody wants to be segmented no longer. */
export interface SuppressionRequest {
  readonly customerIds: readonly string[]
  /** Absent: every pipeline. */
  readonly pipelines: readonly string[] | null
  readonly by: string
  readonly reason: string
}

export interface SuppressionOutcome {
  readonly requestId: string
  /** Customers of the request who were not on the list; of an undoing those who were. */
  readonly changed: number
  readonly withdrawn: readonly Withdrawal[]
}

/** Customers whom consumers of a pipeline ceased to see. */
export interface Withdrawal extends RunIdentity {
  /** Of the switch. */
  readonly id: number
  readonly pipeline: string
  readonly customers: number
}

/** The list of customers who are not to be segmented, and what it means for what consumers see. */
export interface Suppressions {
  /** Objections: consumers cease to see these customers at once, history stays. */
  add(request: SuppressionRequest): Promise<SuppressionOutcome>
  /** Takes objections back; the next run segments these customers again. An erasure cannot be taken back. */
  undo(request: SuppressionRequest): Promise<SuppressionOutcome>
  close(): Promise<void>
}
