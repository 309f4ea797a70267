import { ResegmentError } from './resegment-error.ts'

/** There is no request of that id. */
export class ErasureNotFound extends ResegmentError {
  readonly type = 'ErasureNotFound'
  readonly retry = 'give-up'
  readonly recovery = 'rerun'
}
