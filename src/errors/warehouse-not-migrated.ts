import { ResegmentError } from './resegment-error.ts'

/** The warehouse schema is missing or older than this worker needs. */
export class WarehouseNotMigrated extends ResegmentError {
  readonly type = 'WarehouseNotMigrated'
  readonly retry = 'give-up'
  readonly recovery = 'retry'
}
