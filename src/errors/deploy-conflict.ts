import { ResegmentError } from './resegment-error.ts'

/** Somebody else deploys to the target, or its schedules changed while a person was asked. */
export class DeployConflict extends ResegmentError {
  readonly type = 'DeployConflict'
  readonly retry = 'try-again'
  readonly recovery = 'retry'
}
