import { ResegmentError } from './resegment-error.ts'

/** A bucket keeps objects that have to go: Object Lock forbids to remove a version before its time. */
export class ObjectLocked extends ResegmentError {
  readonly type = 'ObjectLocked'
  readonly retry = 'give-up'
  readonly recovery = 'retry'
}
