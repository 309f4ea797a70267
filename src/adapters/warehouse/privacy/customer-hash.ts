import { createHash, createHmac, randomBytes } from 'node:crypto'
import { type RawBuilder, sql } from 'kysely'
import { ConfigInvalid } from '../../../errors/config-invalid.ts'
import type { KeyPads } from '../../../ports/suppression.ts'
import type { WarehouseTransaction } from '../connection.ts'

export type CustomerHash = (customerId: string) => Buffer

/** Something that knows customers by a keyed hash. */
export interface HashUse {
  /** Where the key is, when it is the warehouse's own, and its fingerprint. */
  readonly table: 'ledger_key' | 'privacy_key'
  /** Environment variable that gives the key instead. */
  readonly variable: string
  /** A query with a row when something was written down that another key could not read. */
  readonly bound: RawBuilder<unknown>
  /** What that is, in words. */
  readonly what: string
  readonly remedy: string
}

export const ledgerHash: HashUse = {
  table: 'ledger_key',
  variable: 'RESEGMENT_LEDGER_KEY',
  bound: sql`select from destination_effect where state <> 'sent' limit 1`,
  what: 'effects still to be sent',
  remedy: 'change it only when nothing is pending in destination_syncs.',
}

export const privacyHash: HashUse = {
  table: 'privacy_key',
  variable: 'RESEGMENT_PRIVACY_KEY',
  bound: sql`select from suppression limit 1`,
  what: 'customers who are not to be segmented',
  remedy: 'with another one nobody could tell who they are.',
}

/**
 * How customers are known where they must not be named: HMAC-SHA-256 of the id. The key is that of the environment; without one a key of the
 * warehouse's own, made the first time, which hides ids from nobody who may read that table.
 *
 * @throws ConfigInvalid when something was written down with another key: nobody could tell whom it is about
 */
export async function hashKeyOf(
  { db }: Pick<WarehouseTransaction, 'db'>,
  { table, variable, bound, what, remedy }: HashUse,
  environmentKey: string | undefined,
): Promise<Buffer> {
  const given = environmentKey === undefined ? undefined : Buffer.from(environmentKey)
  const made = given ?? randomBytes(32)
  const read = async () =>
    (
      await sql<{ fingerprint: string; own_key: Buffer | null }>`
        select fingerprint, own_key from ${sql.id(table)} for share`.execute(db)
    ).rows[0]
  let known = await read()
  if (!known) {
    await sql`insert into ${sql.id(table)} (fingerprint, own_key) values (${fingerprintOf(made)}, ${given ? null : made})
      on conflict do nothing`.execute(db)
    known = (await read())!
  }
  if (!given && known.own_key) return known.own_key
  if (given && fingerprintOf(given) === known.fingerprint) return given
  const found = await bound.execute(db)
  if (found.rows.length > 0 || !given)
    throw new ConfigInvalid(
      given
        ? `${variable} is another key than the one that ${what} were written down with.`
        : `${capitalised(what)} were written down with a key of the environment, and ${variable} is not set now.`,
      `Set ${variable} for the workers, and wherever commands are typed, to what it was; ${remedy}`,
    )
  await sql`update ${sql.id(table)} set fingerprint = ${fingerprintOf(given)}, own_key = null`.execute(db)
  return given
}

export function customerHashWith(key: Buffer): CustomerHash {
  return (customerId) => createHmac('sha256', key).update(customerId).digest()
}

export async function customerHashOf(
  transaction: Pick<WarehouseTransaction, 'db'>,
  use: HashUse,
  environmentKey: string | undefined,
): Promise<CustomerHash> {
  return customerHashWith(await hashKeyOf(transaction, use, environmentKey))
}

const BLOCK_BYTES = 64

/** HMAC (RFC 2104) is two plain hashes over these: sha256(outer, sha256(inner, id)). So whoever has sha256 can compute it. */
export function padsOf(key: Buffer): KeyPads {
  const block = Buffer.alloc(BLOCK_BYTES)
  ;(key.length > BLOCK_BYTES ? createHash('sha256').update(key).digest() : key).copy(block)
  return {
    inner: Buffer.from(block.map((byte) => byte ^ 0x36)),
    outer: Buffer.from(block.map((byte) => byte ^ 0x5c)),
  }
}

/** The same hash in Postgres. @param id an expression of type text */
export function hashInSql(id: RawBuilder<unknown>, { inner, outer }: KeyPads): RawBuilder<Buffer> {
  return sql`sha256(${outer}::bytea || sha256(${inner}::bytea || convert_to(${id}, 'UTF8')))`
}

/** Tells keys apart and gives none away. */
function fingerprintOf(key: Buffer): string {
  return createHash('sha256').update('resegment ledger key\n').update(key).digest('hex').slice(0, 16)
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
