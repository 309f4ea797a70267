/** Something that happened to a run, as its history has it. */
export interface LoggedEvent {
  /** ISO 8601, UTC. */
  readonly at: string
  /** What it happened to: `cleanse-3` for an activity, `run` for the run itself. */
  readonly subject: string
  /** `finished in 2.3 s (attempt 3 on 4711@host)` */
  readonly text: string
}
