import type { Successor, TakenDecision } from './decision.ts'

/** A failed stage, as far as people are told of it. */
export interface ToldFailure {
  readonly stage: string
  readonly type: string
  readonly what: string
  readonly remedy: string
  /** What to click or type now. */
  readonly next: string
  readonly resetEventId: number
}

/** What happened to a run that people may be told of. */
export type RunOccasion =
  | { readonly kind: 'failed'; readonly failure: ToldFailure }
  | { readonly kind: 'held'; readonly digest: string }
  | { readonly kind: 'reminded'; readonly waited: string }
  | {
      readonly kind: 'published'
      readonly publicationId: number
      readonly manifestUri: string | null
      /** Null: it was never held. */
      readonly decision: TakenDecision | null
      /** Whether it filled in the past. Absent: it is live. */
      readonly isHistorical?: true
    }
  | { readonly kind: 'rejected'; readonly decision: TakenDecision }
  | { readonly kind: 'superseded'; readonly successor: Successor }

/**
 * What makes an occasion itself. A publication is told once, however often the run is reset; a failure, a wait and its end once an execution,
 * since after a reset they are news.
 */
export function occasionId(occasion: RunOccasion, temporalRunId: string): string {
  switch (occasion.kind) {
    case 'published':
      return String(occasion.publicationId)
    case 'failed':
      return `${temporalRunId}-${occasion.failure.resetEventId}`
    case 'held':
      return `${temporalRunId}-${occasion.digest.slice(0, 16)}`
    case 'reminded':
      return `${temporalRunId}-${occasion.waited.replace(' ', '-')}`
    case 'rejected':
    case 'superseded':
      return temporalRunId
  }
}
