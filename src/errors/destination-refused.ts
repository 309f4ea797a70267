import { ResegmentError } from './resegment-error.ts'

/** A destination of `activate` takes nothing from us, or not this: sending the same again is no use. */
export class DestinationRefused extends ResegmentError {
  readonly type = 'DestinationRefused'
  readonly retry = 'give-up'
  readonly recovery = 'retry'
  /** `batch`: others may be taken. */
  readonly scope: 'batch' | 'all'

  constructor(what: string, remedy: string, scope: 'batch' | 'all' = 'all') {
    super(what, remedy)
    this.scope = scope
  }
}
