import { ResegmentError } from './resegment-error.ts'

/** Fewer customers than clusters, or than a segmentation needs. */
export class TooFewCustomers extends ResegmentError {
  readonly type = 'TooFewCustomers'
  readonly retry = 'give-up'
  readonly recovery = 'rerun'
}
