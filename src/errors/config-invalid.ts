import { ResegmentError } from './resegment-error.ts'

/** One thing wrong in one place of a file. */
export interface ConfigProblem {
  /** Relative to the project folder. */
  readonly file: string
  readonly line: number
  readonly column: number
  /** `cleanse[1].do`; empty when it is the file itself. */
  readonly key: string
  readonly came: string
  readonly wanted: string
  /** `Did you mean weight?` */
  readonly hint: string | null
}

/** A definition that cannot be run: unknown key, wrong type, a name that is not there. */
export class ConfigInvalid extends ResegmentError {
  readonly type = 'ConfigInvalid'
  readonly retry = 'give-up'
  readonly recovery = 'rerun'
  /** All of them, though the message shows only the first screen. */
  readonly problems: readonly ConfigProblem[]

  constructor(
    what: string,
    remedy: string,
    options?: { readonly cause?: unknown; readonly problems?: readonly ConfigProblem[] },
  ) {
    super(what, remedy, options)
    this.problems = options?.problems ?? []
  }
}
