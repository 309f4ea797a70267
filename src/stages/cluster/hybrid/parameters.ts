import type { ReadableColumns } from '../readable-columns.ts'

/** Conditions that must all hold, each made of alternatives; none: everybody. */
export type Claim = readonly (readonly string[])[]

/** Everything that places a customer by layers, and what the layers did to the customers of the run. */
export interface HybridParameters<Model> {
  readonly method: 'hybrid'
  readonly combine: 'precedence' | 'cross'
  /** In their order. */
  readonly layers: readonly HybridLayer<Model>[]
  /** Of `cross`, see `PooledCells`. */
  readonly cells: readonly number[] | null
  /** Those that the conditions read. */
  readonly columns: ReadableColumns
  readonly evidence: LayerEvidence
}

export interface HybridLayer<Model> {
  readonly name: string
  readonly claim: Claim
  /** Null: nobody was left to fit it on, and it takes nobody. */
  readonly model: Model | null
  /** Its cluster → number among all; −1: nobody can be in it. */
  readonly numbers: readonly number[]
}

/** What layers did to customers. */
export interface LayerEvidence {
  readonly layers: readonly {
    readonly name: string
    /** Customers it would have, whatever the layers before it do. */
    readonly wanted: number
    readonly taken: number
  }[]
  /** Pairs of layers with conditions that would both have somebody, most customers first. */
  readonly conflicts: readonly { readonly first: string; readonly second: string; readonly customers: number }[]
  /** Of `cross`: customers in combinations that were too small. */
  readonly pooled: number
}
