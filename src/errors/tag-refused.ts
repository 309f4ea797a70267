import { ResegmentError } from './resegment-error.ts'

/** The name is taken by another run, or there is nothing of the run to freeze. */
export class TagRefused extends ResegmentError {
  readonly type = 'TagRefused'
  readonly retry = 'give-up'
  readonly recovery = 'rerun'
}
