import { ResegmentError } from './resegment-error.ts'

/** Rows of a customer lie in files that an attempt under way may still commit. */
export class ErasureUnfinished extends ResegmentError {
  readonly type = 'ErasureUnfinished'
  readonly retry = 'try-again'
  readonly recovery = 'retry'
}
