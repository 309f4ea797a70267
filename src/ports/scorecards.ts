import type { KeptScore } from '../scorecard/score.ts'

/** One question of a scorecard, to be kept. */
export interface AnsweredQuestion {
  readonly question: number
  readonly score: number
  readonly most: number
  /** What it was judged by, in words. */
  readonly findings: readonly string[]
}

/** Scorecards over time. */
export interface Scorecards {
  /** A second time of the same instant changes nothing. */
  keep(askedAt: string, scores: readonly AnsweredQuestion[]): Promise<void>
  /** The oldest first. */
  kept(): Promise<readonly KeptScore[]>
  close(): Promise<void>
}
