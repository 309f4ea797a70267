import { ResegmentError } from './resegment-error.ts'

/** A person put customers into a segment that this run does not have, or into one of several that the word fits. */
export class OverrideUnknown extends ResegmentError {
  readonly type = 'OverrideUnknown'
  readonly retry = 'give-up'
  readonly recovery = 'rerun'
}
