import { createHash, createHmac, randomBytes } from 'node:crypto'
import { sql } from 'kysely'
import { ConfigInvalid } from '../../../errors/config-invalid.ts'
import type { WarehouseTransaction } from '../connection.ts'

export type CustomerHash = (customerId: string) => Buffer

/**
 * How the ledger knows customers: HMAC-SHA-256 of the id. The key is that of the environment; without one a key of the warehouse's own, made
 * the first time, which hides ids from nobody who may read that table.
 *
 * @throws ConfigInvalid when unsent effects were written down with another key: nobody could tell whom they are about
 */
export async function customerHashOf(
  transaction: WarehouseTransaction,
  environmentKey: string | undefined,
): Promise<CustomerHash> {
  const key = await findKey(transaction, environmentKey)
  return (customerId) => createHmac('sha256', key).update(customerId).digest()
}

async function findKey({ db }: WarehouseTransaction, environmentKey: string | undefined): Promise<Buffer> {
  const given = environmentKey === undefined ? undefined : Buffer.from(environmentKey)
  const made = given ?? randomBytes(32)
  await sql`insert into ledger_key (fingerprint, own_key) values (${fingerprintOf(made)}, ${given ? null : made})
    on conflict do nothing`.execute(db)
  const { rows } = await sql<{ fingerprint: string; own_key: Buffer | null }>`
    select fingerprint, own_key from ledger_key for update`.execute(db)
  const known = rows[0]!
  if (!given && known.own_key) return known.own_key
  if (given && fingerprintOf(given) === known.fingerprint) return given
  const unsent = await sql`select from destination_effect where state <> 'sent' limit 1`.execute(db)
  if (unsent.rows.length > 0 || !given)
    throw new ConfigInvalid(
      given
        ? 'RESEGMENT_LEDGER_KEY is another key than the one that effects still to be sent were written down with.'
        : 'Effects were written down with a key of the environment, and RESEGMENT_LEDGER_KEY is not set now.',
      'Set RESEGMENT_LEDGER_KEY for the workers to what it was; change it only when nothing is pending in destination_syncs.',
    )
  await sql`update ledger_key set fingerprint = ${fingerprintOf(given)}, own_key = null`.execute(db)
  return given
}

/** Tells keys apart and gives none away. */
function fingerprintOf(key: Buffer): string {
  return createHash('sha256').update('resegment ledger key\n').update(key).digest('hex').slice(0, 16)
}
