import { ResegmentError } from './resegment-error.ts'

/** A cleansing rule removed a larger share of rows than its maxShare allows. */
export class PoisonRowsOverLimit extends ResegmentError {
  readonly type = 'PoisonRowsOverLimit'
  readonly retry = 'give-up'
  readonly recovery = 'rerun'
}
