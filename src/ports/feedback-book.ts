import type { Feedback, KeptFeedback } from '../run/feedback.ts'

/** What marketers say of segments. */
export interface FeedbackBook {
  /** The same said by the same person twice is kept once. @returns how much of it is new */
  add(pipeline: string, entries: readonly Feedback[]): Promise<number>
  /** The oldest first. */
  list(pipeline: string): Promise<readonly KeptFeedback[]>
  close(): Promise<void>
}
