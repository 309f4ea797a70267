import { ResegmentError } from './resegment-error.ts'

/** A named secret is neither in the environment nor in a mounted file. */
export class SecretMissing extends ResegmentError {
  readonly type = 'SecretMissing'
  readonly retry = 'give-up'
  readonly recovery = 'retry'
}
