import { ResegmentError } from './resegment-error.ts'

/** The server of the warehouse ran out of disk or memory. */
export class WarehouseFull extends ResegmentError {
  readonly type = 'WarehouseFull'
  readonly retry = 'try-again'
  readonly recovery = 'retry'
}
