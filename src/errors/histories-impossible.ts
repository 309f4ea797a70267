import { ResegmentError } from './resegment-error.ts'

/** Features say of a customer's purchases what cannot have happened. */
export class HistoriesImpossible extends ResegmentError {
  readonly type = 'HistoriesImpossible'
  readonly retry = 'give-up'
  readonly recovery = 'rerun'
}
