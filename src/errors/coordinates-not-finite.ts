import { ResegmentError } from './resegment-error.ts'

/** A feature became infinite or no number: distances to it mean nothing. */
export class CoordinatesNotFinite extends ResegmentError {
  readonly type = 'CoordinatesNotFinite'
  readonly retry = 'give-up'
  readonly recovery = 'rerun'
}
