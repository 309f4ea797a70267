import { ResegmentError } from './resegment-error.ts'

/** What a run was made of is not kept far enough to make it again. */
export class NotVerifiable extends ResegmentError {
  readonly type = 'NotVerifiable'
  readonly retry = 'give-up'
  readonly recovery = 'rerun'
}
