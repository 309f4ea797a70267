import { ResegmentError } from './resegment-error.ts'

/** A channel of `notify` takes no notice from us: sending it again is no use. */
export class NoticeRefused extends ResegmentError {
  readonly type = 'NoticeRefused'
  readonly retry = 'give-up'
  readonly recovery = 'retry'
}
