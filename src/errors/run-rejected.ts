import { ResegmentError } from './resegment-error.ts'

/** A person rejected the held run, or nobody decided in time. */
export class RunRejected extends ResegmentError {
  readonly type = 'RunRejected'
  readonly retry = 'give-up'
  readonly recovery = 'rerun'
}
