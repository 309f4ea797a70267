/** A view that consumers build on, with what the database says of it. */
export interface ContractView {
  readonly name: string
  readonly description: string
  readonly columns: readonly ContractColumn[]
}

export interface ContractColumn {
  readonly name: string
  /** As Postgres writes it: `text`, `timestamp with time zone`. */
  readonly type: string
  readonly nullable: boolean
  readonly description: string
}
