import { ResegmentError } from './resegment-error.ts'

/** An outside system could not be reached or broke the connection. */
export class ConnectionFailed extends ResegmentError {
  readonly type = 'ConnectionFailed'
  readonly retry = 'try-again'
  readonly recovery = 'retry'
}

const networkCodes = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
])

/** The operating system's word, or none, for why a connection failed: code or name of the error. */
export function isNetworkFailure(error: unknown): boolean {
  // A host with several addresses fails with one error an address: the first one speaks.
  const { code = '', name = '' } = (error instanceof AggregateError ? error.errors[0] : error) as {
    code?: string
    name?: string
  }
  return networkCodes.has(code) || networkCodes.has(name)
}
