import { ResegmentError } from './resegment-error.ts'

/** Another publication won, or the candidate was compared with segments that are no longer live. */
export class PublishConflict extends ResegmentError {
  readonly type = 'PublishConflict'
  readonly retry = 'give-up'
  readonly recovery = 'rerun'
}
