/**
 * What an operator does about a failure.
 * `retry`: the world was broken; the same revision goes on after a reset. `rerun`: source or definition had to change;
 * a new revision reads everything again. `none`: neither helps, for this run comes too late or was asked for wrongly.
 */
export type Recovery = 'retry' | 'rerun' | 'none'

/** Base of every failure a reader can act on. `type` is permanent: people search for it and alert on it. */
export abstract class ResegmentError extends Error {
  /** The class's permanent name, also `ApplicationFailure.type`. */
  abstract readonly type: string
  /** `give-up`: trying again cannot help. `try-again`: Temporal retries with backoff. */
  abstract readonly retry: 'give-up' | 'try-again'
  abstract readonly recovery: Recovery
  readonly what: string
  readonly remedy: string

  /**
   * @param what what came and what was wanted, one or two sentences
   * @param remedy what to do now, one or two sentences
   */
  constructor(what: string, remedy: string, options?: { cause?: unknown }) {
    super(`${what} ${remedy}`, options)
    this.name = new.target.name
    this.what = what
    this.remedy = remedy
  }
}
