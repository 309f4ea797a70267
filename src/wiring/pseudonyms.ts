import { createHash, createHmac } from 'node:crypto'
import { padsOf } from '../adapters/warehouse/privacy/customer-hash.ts'
import type { Environment } from '../config/environment.ts'
import { ConfigInvalid } from '../errors/config-invalid.ts'
import type { Definition } from '../plan/definition.ts'
import type { Pseudonyms } from '../ports/pseudonyms.ts'

/** Environment variable, or file under RESEGMENT_SECRETS_DIR, that the key is read from. */
const KEY = 'RESEGMENT_PSEUDONYM_KEY'
/** Ids are few: with a key that can be guessed they could be, too. */
const SHORTEST_KEY = 32

/**
 * HMAC-SHA-256 of the id, in lower-case hex.
 *
 * @returns undefined when the pipeline publishes ids as they are
 * @throws SecretMissing, ConfigInvalid
 */
export function pseudonymsOf(
  environment: Environment,
  { pipeline }: Pick<Definition, 'pipeline'>,
): Pseudonyms | undefined {
  if (pipeline.publish.customerIds === 'plain') return undefined
  const key = Buffer.from(environment.secret(KEY))
  if (key.length < SHORTEST_KEY)
    throw new ConfigInvalid(
      `${KEY} has ${key.length} bytes, and pseudonyms need a key of at least ${SHORTEST_KEY}.`,
      'Make one: openssl rand -hex 32. Keep it: with another one every customer is somebody else.',
    )
  return {
    fingerprint: createHash('sha256').update('resegment pseudonym key\n').update(key).digest('hex').slice(0, 16),
    pads: padsOf(key),
    of: (customerId) => createHmac('sha256', key).update(customerId).digest('hex'),
  }
}

/**
 * Ids as these pipelines keep them, beside the ids themselves: what is asked of a customer is asked under every id.
 *
 * @throws SecretMissing, ConfigInvalid
 */
export function idsAsKept(
  environment: Environment,
  definitions: readonly Pick<Definition, 'pipeline'>[],
  customerIds: readonly string[],
): readonly string[] {
  const kept = definitions.map((definition) => pseudonymsOf(environment, definition)).find((one) => one !== undefined)
  return kept ? [...customerIds, ...customerIds.map((id) => kept.of(id))] : customerIds
}

/** @throws SecretMissing, ConfigInvalid */
export function idAsPublished(environment: Environment, definition: Definition, customerId: string): string {
  return pseudonymsOf(environment, definition)?.of(customerId) ?? customerId
}
