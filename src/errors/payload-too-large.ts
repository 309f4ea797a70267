import { ResegmentError } from './resegment-error.ts'

/** Something larger than 64 KB was about to cross Temporal. */
export class PayloadTooLarge extends ResegmentError {
  readonly type = 'PayloadTooLarge'
  readonly retry = 'give-up'
  readonly recovery = 'rerun'
}
