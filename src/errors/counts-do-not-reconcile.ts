import { ResegmentError } from './resegment-error.ts'

/** Rows in differ from rows out plus rejected: the run would lose or invent rows. */
export class CountsDoNotReconcile extends ResegmentError {
  readonly type = 'CountsDoNotReconcile'
  readonly retry = 'give-up'
  readonly recovery = 'rerun'
}
