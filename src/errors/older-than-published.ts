import { ResegmentError } from './resegment-error.ts'

/** The as-of lies before that of the live publication. */
export class OlderThanPublished extends ResegmentError {
  readonly type = 'OlderThanPublished'
  readonly retry = 'give-up'
  readonly recovery = 'rerun'
}
