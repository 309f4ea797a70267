import { isGrpcServiceError, NamespaceNotFoundError } from '@temporalio/client'
import { ConfigInvalid } from '../errors/config-invalid.ts'
import { ConnectionFailed } from '../errors/connection-failed.ts'
import { PermissionDenied } from '../errors/permission-denied.ts'

const UNAVAILABLE = 14
const DEADLINE_EXCEEDED = 4
const PERMISSION_DENIED = 7
const UNAUTHENTICATED = 16

/** What the server said, with a remedy where there is one; other errors as they came. */
export function explainServerRefusal(error: unknown, access: { address: string; namespace: string }): unknown {
  const cause = error instanceof Error && isGrpcServiceError(error.cause) ? error.cause : error
  const text = isGrpcServiceError(cause) ? cause.details : error instanceof Error ? error.message : String(error)
  if (error instanceof NamespaceNotFoundError)
    return new ConfigInvalid(
      `Temporal at ${access.address} has no namespace ${access.namespace}.`,
      'Create it, or set TEMPORAL_NAMESPACE.',
    )
  if (/search attribute/i.test(text))
    return new ConfigInvalid(
      `Namespace ${access.namespace} lacks our search attributes (${text}).`,
      'Run `resegment migrate`: it registers them.',
    )
  if (!isGrpcServiceError(cause)) return error
  if (cause.code === UNAVAILABLE || cause.code === DEADLINE_EXCEEDED)
    return new ConnectionFailed(
      `Temporal at ${access.address} does not answer: ${text}.`,
      'See that it runs, and try again.',
      { cause: error },
    )
  if (cause.code === PERMISSION_DENIED || cause.code === UNAUTHENTICATED)
    return new PermissionDenied(
      `Temporal at ${access.address} refuses: ${text}.`,
      'Check the API key or certificate, and the rights in the namespace.',
    )
  return error
}
