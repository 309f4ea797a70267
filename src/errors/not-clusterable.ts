import { ResegmentError } from './resegment-error.ts'

/** The customers have no groups that a clustering could find, or too little is known of them: a result would be made up. */
export class NotClusterable extends ResegmentError {
  readonly type = 'NotClusterable'
  readonly retry = 'give-up'
  readonly recovery = 'rerun'
}
