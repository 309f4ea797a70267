import type { Effectiveness } from '../effectiveness/judge-effectiveness.ts'

/** How effective the segments of a run were found to be. */
export interface JudgedRun extends Effectiveness {
  readonly pipeline: string
  readonly runKey: string
  readonly revision: number
  /** The run that knew the outcome: `shop@2026-10-01~1`. */
  readonly judgedBy: string
  /** ISO 8601, UTC: as-of of the run, and of the one that knew. */
  readonly from: string
  readonly until: string
  /** What the index was to be. */
  readonly target: number
}

/** Effectiveness over time. */
export interface EffectivenessBook {
  /** The same two runs a second time take the place of the first. */
  keep(judged: JudgedRun): Promise<void>
  /** The oldest first. */
  kept(pipeline: string): Promise<readonly JudgedRun[]>
  close(): Promise<void>
}
