import { ResegmentError } from './resegment-error.ts'

/** A query needs more memory than a worker's engine may take, although it spills to disk. */
export class OutOfMemory extends ResegmentError {
  readonly type = 'OutOfMemory'
  readonly retry = 'give-up'
  readonly recovery = 'retry'
}
