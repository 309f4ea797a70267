import { ResegmentError } from './resegment-error.ts'

/** A source gave another number of rows than it counts in the same snapshot. */
export class SourceCountDiffers extends ResegmentError {
  readonly type = 'SourceCountDiffers'
  readonly retry = 'try-again'
  readonly recovery = 'retry'
}
