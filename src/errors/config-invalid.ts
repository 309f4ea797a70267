import { ResegmentError } from './resegment-error.ts'

/** A definition that cannot be run: unknown key, wrong type, a name that is not there. */
export class ConfigInvalid extends ResegmentError {
  readonly type = 'ConfigInvalid'
  readonly retry = 'give-up'
  readonly recovery = 'rerun'
}
