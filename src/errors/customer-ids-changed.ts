import { ResegmentError } from './resegment-error.ts'

/** A run would publish its customers under other ids than those that are live: all of them would be new. */
export class CustomerIdsChanged extends ResegmentError {
  readonly type = 'CustomerIdsChanged'
  readonly retry = 'give-up'
  readonly recovery = 'rerun'
}
