import { ResegmentError } from './resegment-error.ts'

/** The as-of lies before that of the live publication, or the same as-of is live in a newer revision. */
export class OlderThanPublished extends ResegmentError {
  readonly type = 'OlderThanPublished'
  readonly retry = 'give-up'
  readonly recovery = 'none'
}
