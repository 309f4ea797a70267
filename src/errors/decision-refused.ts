import { ResegmentError } from './resegment-error.ts'

/** A decision about a run that is not held, was decided, or holds other data than the person looked at. */
export class DecisionRefused extends ResegmentError {
  readonly type = 'DecisionRefused'
  readonly retry = 'give-up'
  readonly recovery = 'retry'
}
