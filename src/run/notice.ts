/** What people can be told of, in the order in which the reference lists it. */
export const noticeKinds = [
  'failed',
  'held',
  'reminded',
  'published',
  'rejected',
  'superseded',
  'reviewed',
  'retrying',
  'unserved',
  'missed',
  'stale',
] as const

export type NoticeKind = (typeof noticeKinds)[number]

/** What a channel is told where it does not say: what somebody may have to do something about. */
export const urgentKinds = noticeKinds.filter(
  (kind) => !['published', 'rejected', 'superseded', 'reviewed'].includes(kind),
)

/** `resolved`: an alarm is over. `test`: somebody tries a channel. */
export type SentKind = NoticeKind | 'resolved' | 'test'

/** Something a reader can click or type. */
export interface NoticeStep {
  readonly text: string
  /** To be copied as it is. */
  readonly command?: string
}

/**
 * What people are told, whatever the channel: plain text, which channels put into their own form. It tells of no single customer and holds
 * no secret.
 */
export interface Notice {
  readonly kind: SentKind
  /** The same whenever the same occasion is told again: receivers may drop what comes twice. */
  readonly key: string
  readonly pipeline: string
  readonly target: string
  /** As commands take it: `shop@2026-10-01~1`; null: it is about no run. */
  readonly run: string | null
  readonly subject: string
  readonly sentences: readonly string[]
  readonly steps: readonly NoticeStep[]
  /** Where to look; addresses that no browser opens are shown as they are. */
  readonly links: readonly { readonly title: string; readonly address: string }[]
  /** Empty: nobody is named. */
  readonly contact: string
  readonly runbook: string
}

/** What became of a notice in one channel. */
export interface ChannelOutcome {
  /** Position in the list of `resegment.yaml`, from 1. */
  readonly channel: number
  readonly way: ChannelWay
  /** Null: it was sent. */
  readonly failure: { readonly type: string; readonly what: string; readonly remedy: string } | null
}

export type ChannelWay = 'webhook' | 'email' | 'command'

/** By which key a channel says what it is. */
export function wayOf(channel: object): ChannelWay {
  if ('webhook' in channel) return 'webhook'
  return 'email' in channel ? 'email' : 'command'
}
