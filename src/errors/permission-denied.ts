import { ResegmentError } from './resegment-error.ts'

/** An outside system refused our credentials or rights. */
export class PermissionDenied extends ResegmentError {
  readonly type = 'PermissionDenied'
  readonly retry = 'give-up'
  readonly recovery = 'retry'
}
