import { ResegmentError } from './resegment-error.ts'

/** A file of a committed artifact is not the one that was written. */
export class ArtifactDigestMismatch extends ResegmentError {
  readonly type = 'ArtifactDigestMismatch'
  readonly retry = 'give-up'
  readonly recovery = 'rerun'
}
