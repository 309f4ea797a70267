import { ResegmentError } from './resegment-error.ts'

/** A command was called in a way it cannot obey. */
export class WrongUsage extends ResegmentError {
  readonly type = 'WrongUsage'
  readonly retry = 'give-up'
  readonly recovery = 'rerun'
}
