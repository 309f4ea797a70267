/** One row, or one entry of a document, that a place holds of a customer. */
export interface HeldRow {
  readonly customerId: string
  /** Table, or file within the place: `segment_membership`, `run=2026Q1~1/memberships/part-0.parquet`. */
  readonly where: string
  /** Column and value, as the place has them. */
  readonly values: Readonly<Record<string, unknown>>
}

export interface ErasedRows {
  readonly rows: number
  /** Tables or files that were changed. */
  readonly places: readonly string[]
}

/**
 * A place that can hold rows of single customers. What holds such rows and is not in the list of stores (`wiring/customer-stores.ts`) is
 * neither exported nor erased: a test compares that list with what the code writes.
 */
export interface CustomerStore {
  readonly name: string
  /** What it holds of these customers: for `export`, and to prove an erasure. */
  find(customerIds: readonly string[], signal: AbortSignal): AsyncIterable<HeldRow>
  /** Removes the rows and keeps the counts. May be called again: then it finds nothing more. */
  erase(customerIds: readonly string[], signal: AbortSignal): Promise<ErasedRows>
}

export interface OpenCustomerStores {
  readonly stores: readonly CustomerStore[]
  close(): Promise<void>
}
