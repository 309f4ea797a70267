import { ResegmentError } from './resegment-error.ts'

/** The disk on which a worker keeps scratch and copies of artifacts is full. */
export class ScratchFull extends ResegmentError {
  readonly type = 'ScratchFull'
  readonly retry = 'try-again'
  readonly recovery = 'retry'
}
