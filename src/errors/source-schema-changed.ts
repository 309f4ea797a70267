import { ResegmentError } from './resegment-error.ts'

/** A source lacks a mapped column, or an expression over its columns no longer works. */
export class SourceSchemaChanged extends ResegmentError {
  readonly type = 'SourceSchemaChanged'
  readonly retry = 'give-up'
  readonly recovery = 'rerun'
}
