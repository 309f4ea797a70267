import { ResegmentError } from './resegment-error.ts'

/** A source was still incomplete when `schedule.waitForLateData` was over, and `extract.whenLate` is `fail`. */
export class SourceLate extends ResegmentError {
  readonly type = 'SourceLate'
  readonly retry = 'give-up'
  readonly recovery = 'retry'
}
