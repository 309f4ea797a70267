import { ResegmentError } from './resegment-error.ts'

/** A score run would overtake a refit that runs or is held: what is live is never replaced by an older view. */
export class RefitIsOpen extends ResegmentError {
  readonly type = 'RefitIsOpen'
  readonly retry = 'give-up'
  readonly recovery = 'retry'
}
