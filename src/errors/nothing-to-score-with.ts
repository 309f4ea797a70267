import { ResegmentError } from './resegment-error.ts'

/** A score run has no live model that could place the customers of this definition. */
export class NothingToScoreWith extends ResegmentError {
  readonly type = 'NothingToScoreWith'
  readonly retry = 'give-up'
  readonly recovery = 'rerun'
}
