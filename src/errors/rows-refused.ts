import { ResegmentError } from './resegment-error.ts'

/** The warehouse cannot hold a value of the rows that would be published. */
export class RowsRefused extends ResegmentError {
  readonly type = 'RowsRefused'
  readonly retry = 'give-up'
  readonly recovery = 'rerun'
}
