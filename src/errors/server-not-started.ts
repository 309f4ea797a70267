import { ResegmentError } from './resegment-error.ts'

/** A server of the embedded stack was started and ended, or never answered. */
export class ServerNotStarted extends ResegmentError {
  readonly type = 'ServerNotStarted'
  readonly retry = 'give-up'
  readonly recovery = 'retry'
}
