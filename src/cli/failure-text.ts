import { ConfigInvalid } from '../errors/config-invalid.ts'
import { ResegmentError } from '../errors/resegment-error.ts'

/** One screen for people: what happened and what to do. */
export function failureText(error: unknown, isDebug: boolean): readonly string[] {
  if (error instanceof ResegmentError)
    return [`${error.type}: ${error.what}`, error.remedy, ...(isDebug ? [stackOf(error)] : [])]
  return [
    error instanceof Error ? `${error.name}: ${error.message}` : String(error),
    ...(isDebug ? [stackOf(error)] : ['RESEGMENT_LOG_LEVEL=debug shows where this comes from.']),
  ]
}

/** The same for programs. */
export function failureDocument(error: unknown): unknown {
  if (!(error instanceof ResegmentError))
    return { error: { type: 'Unknown', what: error instanceof Error ? error.message : String(error), remedy: null } }
  const { type, what, remedy, recovery } = error
  return {
    error: { type, what, remedy, recovery, ...(error instanceof ConfigInvalid ? { problems: error.problems } : {}) },
  }
}

function stackOf(error: unknown): string {
  if (!(error instanceof Error)) return ''
  const cause = error.cause === undefined ? '' : `\nCaused by ${stackOf(error.cause)}`
  return (error.stack ?? '') + cause
}
