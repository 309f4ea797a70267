import { ResegmentError } from './resegment-error.ts'

/** A pipeline never published a customer with this id. */
export class CustomerNotFound extends ResegmentError {
  readonly type = 'CustomerNotFound'
  readonly retry = 'give-up'
  readonly recovery = 'rerun'
}
