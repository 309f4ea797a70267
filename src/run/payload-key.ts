/** A key of AES-256 for what Temporal is given. Its id travels with what it encrypted, and is no secret. */
export interface PayloadKey {
  readonly id: string
  /** 32 bytes. */
  readonly bytes: Buffer
}

/** Where its id travels: the name that Temporal's own samples use. */
export const KEY_ID = 'encryption-key-id'
