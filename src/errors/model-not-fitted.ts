import { ResegmentError } from './resegment-error.ts'

/** A likelihood has no maximum over these customers, or too few came back, and the pipeline allows nothing in its place. */
export class ModelNotFitted extends ResegmentError {
  readonly type = 'ModelNotFitted'
  readonly retry = 'give-up'
  readonly recovery = 'rerun'
}
