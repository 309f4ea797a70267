import type { KeyPads } from './suppression.ts'

/** Under which ids customers of a pipeline are known behind stage extract, where they are not known under their own. */
export interface Pseudonyms {
  /** Tells the key from others and gives nothing of it away. */
  readonly fingerprint: string
  readonly pads: KeyPads
  of(customerId: string): string
}
