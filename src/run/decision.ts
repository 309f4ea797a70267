/** What a person decides about a held run: the argument of Update `decide`. */
export interface Decision {
  readonly decision: 'approve' | 'reject'
  /** Content digest of the validation the person looked at; another one is refused. */
  readonly digest: string
  readonly reason: string
  readonly by: string
}
