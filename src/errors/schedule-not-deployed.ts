import { ResegmentError } from './resegment-error.ts'

/** Temporal has no schedule for what was asked. */
export class ScheduleNotDeployed extends ResegmentError {
  readonly type = 'ScheduleNotDeployed'
  readonly retry = 'give-up'
  readonly recovery = 'retry'
}
