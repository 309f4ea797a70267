import { ResegmentError } from './resegment-error.ts'

/** A review of published runs ended without one. What is published is as it was. */
export class ReviewFailed extends ResegmentError {
  readonly type = 'ReviewFailed'
  readonly retry = 'give-up'
  readonly recovery = 'none'
}
