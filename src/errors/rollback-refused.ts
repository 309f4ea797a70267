import { ResegmentError } from './resegment-error.ts'

/** There is no such publication to return to, or what it said of customers is no longer kept. */
export class RollbackRefused extends ResegmentError {
  readonly type = 'RollbackRefused'
  readonly retry = 'give-up'
  readonly recovery = 'rerun'
}
