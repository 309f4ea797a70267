import { ResegmentError } from './resegment-error.ts'

/** A server that the embedded stack should start is nowhere to be found and can't be built here. */
export class ServerMissing extends ResegmentError {
  readonly type = 'ServerMissing'
  readonly retry = 'give-up'
  readonly recovery = 'retry'
}
