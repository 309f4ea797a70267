import { setTimeout as pause } from 'node:timers/promises'
import { searchAttributes } from '../run/search-attributes.ts'
import type { TemporalAccess } from './connect.ts'
import { explainServerRefusal } from './server-refusal.ts'

/** IndexedValueType of the wire protocol. */
const KEYWORD = 2
const VISIBLE_AFTER_MS = 100
const LOOKS = 100

/** @returns names of our search attributes that the namespace lacks */
export async function missingSearchAttributes({ connection, namespace }: TemporalAccess): Promise<readonly string[]> {
  const { customAttributes } = await connection.operatorService.listSearchAttributes({ namespace })
  return Object.values(searchAttributes)
    .map(({ name }) => name)
    .filter((name) => !(name in customAttributes))
}

/**
 * Registers our search attributes and waits until the server knows them: runs that set one before are refused.
 *
 * @returns names of those that were missing
 */
export async function registerSearchAttributes(access: TemporalAccess): Promise<readonly string[]> {
  const { connection, namespace } = access
  try {
    const missing = await missingSearchAttributes(access)
    if (missing.length === 0) return []
    await connection.operatorService.addSearchAttributes({
      namespace,
      searchAttributes: Object.fromEntries(missing.map((name) => [name, KEYWORD])),
    })
    for (let look = 0; look < LOOKS && (await missingSearchAttributes(access)).length > 0; look++)
      await pause(VISIBLE_AFTER_MS)
    return missing
  } catch (error) {
    throw explainServerRefusal(error, access)
  }
}
