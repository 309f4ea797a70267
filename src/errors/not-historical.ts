import { ResegmentError } from './resegment-error.ts'

/** A run was to fill in the past, but nothing that is live is newer. */
export class NotHistorical extends ResegmentError {
  readonly type = 'NotHistorical'
  readonly retry = 'give-up'
  readonly recovery = 'none'
}
