import { ResegmentError } from './resegment-error.ts'

/** Somebody else holds a lock in the warehouse for longer than an attempt waits for it. */
export class WarehouseBusy extends ResegmentError {
  readonly type = 'WarehouseBusy'
  readonly retry = 'try-again'
  readonly recovery = 'retry'
}
