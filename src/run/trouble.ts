import type { NoticeKind } from './notice.ts'

/** What holds until it is over: told once when it begins, and once when it ends. */
export type TroubleKind = Extract<NoticeKind, 'retrying' | 'unserved' | 'missed' | 'stale'>

/** Something that is wrong until it is over. */
export interface Trouble {
  readonly kind: TroubleKind
  /** What it is about: a run, a queue, a period. With kind and `since` it makes the trouble itself. */
  readonly about: string
  /** ISO 8601, UTC. */
  readonly since: string
  /** As commands take it; null: it is about no run. */
  readonly run: string | null
  /** One or two sentences each. */
  readonly what: string
  readonly remedy: string
  /** What to type, where there is something. */
  readonly command?: string
}
