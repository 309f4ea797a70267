import type { PayloadCodec } from '@temporalio/common'
import { makePayloadCodec } from '../adapters/payload-codec/payload-codec.ts'
import type { Environment } from '../config/environment.ts'

/**
 * What passes between us and Temporal goes through them, in client and worker alike. There without keys, too: it names the one that is
 * missing.
 *
 * @throws ConfigInvalid
 */
export function payloadCodecsOf(environment: Environment): PayloadCodec[] {
  return [makePayloadCodec(environment.payloadKeys())]
}
