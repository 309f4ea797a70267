import { ResegmentError } from './resegment-error.ts'

/** A file of a committed artifact is gone. */
export class ArtifactMissing extends ResegmentError {
  readonly type = 'ArtifactMissing'
  readonly retry = 'give-up'
  readonly recovery = 'rerun'
}
