import { ResegmentError } from './resegment-error.ts'

/** Every customer has the same features: there is nothing to cluster. */
export class ConstantFeatures extends ResegmentError {
  readonly type = 'ConstantFeatures'
  readonly retry = 'give-up'
  readonly recovery = 'rerun'
}
