import { ResegmentError } from './resegment-error.ts'

/** After erasing, a store still holds rows of the customers. */
export class ErasureIncomplete extends ResegmentError {
  readonly type = 'ErasureIncomplete'
  readonly retry = 'give-up'
  readonly recovery = 'rerun'
}
