import { PayloadTooLarge } from '../errors/payload-too-large.ts'
import type { Definition } from './definition.ts'

const KIB = 1024
/** What may cross Temporal as one argument or result; the server's own limits are far above and fail the run without a remedy. */
export const MAX_PAYLOAD_BYTES = 64 * KIB
/** Leaves room for the plan around a definition. */
const MAX_DEFINITION_BYTES = MAX_PAYLOAD_BYTES - 2 * KIB

/** @throws PayloadTooLarge */
export function checkPayloadSize(value: unknown, what: string): void {
  const bytes = jsonBytes(value)
  if (bytes > MAX_PAYLOAD_BYTES)
    throw new PayloadTooLarge(
      `${what} has ${bytes} bytes as JSON; at most ${MAX_PAYLOAD_BYTES} may cross Temporal.`,
      'Report this: rows and lists belong into artifacts.',
    )
}

/** @throws PayloadTooLarge */
export function checkDefinitionSize(definition: Definition): void {
  const bytes = jsonBytes(definition)
  if (bytes > MAX_DEFINITION_BYTES)
    throw new PayloadTooLarge(
      `The definition of pipeline ${definition.pipeline.pipeline} has ${bytes} bytes as JSON; at most ${MAX_DEFINITION_BYTES} may cross Temporal.`,
      'Move long SQL into views of the source, or split the pipeline.',
    )
}

function jsonBytes(value: unknown): number {
  return value === undefined ? 0 : Buffer.byteLength(JSON.stringify(value))
}
