import { ResegmentError } from './resegment-error.ts'

/** Sources say two things that cannot both be true: ids that merge in a circle, two rates of one instant, money of several currencies without rates. */
export class SourceContradicts extends ResegmentError {
  readonly type = 'SourceContradicts'
  readonly retry = 'give-up'
  readonly recovery = 'rerun'
}
