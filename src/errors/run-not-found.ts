import { ResegmentError } from './resegment-error.ts'

/** No run of that name in this target, or its history has expired. */
export class RunNotFound extends ResegmentError {
  readonly type = 'RunNotFound'
  readonly retry = 'give-up'
  readonly recovery = 'rerun'
}
