import { ResegmentError } from './resegment-error.ts'

/** There is nothing that could be paused or could go on: the run waits, has ended, or is what was asked for already. */
export class PauseRefused extends ResegmentError {
  readonly type = 'PauseRefused'
  readonly retry = 'give-up'
  readonly recovery = 'rerun'
}
