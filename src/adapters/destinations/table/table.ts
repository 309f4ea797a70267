import pg from 'pg'
import { ConfigInvalid } from '../../../errors/config-invalid.ts'
import { ConnectionFailed, isNetworkFailure } from '../../../errors/connection-failed.ts'
import { DestinationRefused } from '../../../errors/destination-refused.ts'
import { PermissionDenied } from '../../../errors/permission-denied.ts'
import { ResegmentError } from '../../../errors/resegment-error.ts'
import type { ActivationDestination, Delivery, Effect } from '../../../ports/activation.ts'
import { formatRunId } from '../../../run/run-key.ts'
import { quoteName } from '../../../sql/sql-text.ts'

export interface TableOptions {
  /** Never shown. */
  readonly connectionString: string
  /** Name of the secret that holds it, for messages. */
  readonly secret: string
  /** `crm.segment_members`, or without a schema. */
  readonly table: string
}

const ROWS_A_STATEMENT = 5_000
const CONNECT_TIMEOUT_MS = 10_000
const passing = /^(08|53|57|40001|40P01|55P03)/

/** A row a member of each pipeline, changed in one transaction: readers see the members before or after, never a mixture. */
export function makeTable(options: TableOptions): ActivationDestination {
  const { connectionString, table } = options
  const names = table.split('.')
  const relation = names.map(quoteName).join('.')
  const pool = new pg.Pool({
    connectionString,
    max: 1,
    application_name: 'resegment',
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    allowExitOnIdle: true,
  })
  // Replaced by the pool; without a listener it would end the process.
  pool.on('error', () => undefined)

  async function transaction<T>(body: (client: pg.PoolClient) => Promise<T>): Promise<T> {
    try {
      const client = await pool.connect()
      const ignore = (): void => undefined
      client.on('error', ignore)
      let isDone = false
      try {
        await client.query('begin')
        const result = await body(client)
        await client.query('commit')
        isDone = true
        return result
      } finally {
        client.off('error', ignore)
        // A connection that is dropped rolls back.
        client.release(!isDone)
      }
    } catch (error) {
      throw toTableFailure(error, options)
    }
  }

  return {
    batchSize: 'all',
    tells: 'changes',
    isNew: () =>
      transaction(async (client) => {
        const { rows } = await client.query<{ found: boolean }>('select to_regclass($1) is not null as found', [
          relation,
        ])
        return !rows[0]!.found
      }),
    deliver: (delivery, { signal }) =>
      transaction(async (client) => {
        // Two at once would otherwise make the table twice.
        await client.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [`resegment table ${relation}`])
        await client.query(`create table if not exists ${relation} (
          pipeline text not null, customer_id text not null, segment_key text not null, segment_name text not null,
          run text not null, as_of timestamptz not null, primary key (pipeline, customer_id))`)
        if (delivery.isFull) await client.query(`delete from ${relation} where pipeline = $1`, [delivery.pipeline])
        const nameOf = new Map(delivery.segments.map(({ segmentKey, name }) => [segmentKey, name]))
        for await (const effects of pages(delivery)) {
          signal.throwIfAborted()
          await change(client, relation, delivery, effects, nameOf)
        }
        // A segment may have been given another name; its members did not change.
        await client.query(
          `update ${relation} m set segment_name = s.name from unnest($2::text[], $3::text[]) as s (key, name)
          where m.pipeline = $1 and m.segment_key = s.key and m.segment_name <> s.name`,
          [delivery.pipeline, [...nameOf.keys()], [...nameOf.values()]],
        )
        signal.throwIfAborted()
      }),
    close: () => pool.end(),
  }
}

async function* pages(delivery: Delivery): AsyncGenerator<readonly Effect[]> {
  let page: Effect[] = []
  for await (const effect of delivery.effects()) {
    page.push(effect)
    if (page.length < ROWS_A_STATEMENT) continue
    yield page
    page = []
  }
  if (page.length > 0) yield page
}

async function change(
  client: pg.PoolClient,
  relation: string,
  delivery: Delivery,
  effects: readonly Effect[],
  nameOf: ReadonlyMap<string, string>,
): Promise<void> {
  const gone = effects.filter(({ toSegmentKey }) => toSegmentKey === null)
  const members = effects.filter(({ toSegmentKey }) => toSegmentKey !== null)
  if (gone.length > 0)
    await client.query(`delete from ${relation} where pipeline = $1 and customer_id = any($2::text[])`, [
      delivery.pipeline,
      gone.map(({ customerId }) => customerId),
    ])
  if (members.length > 0)
    await client.query(
      `insert into ${relation} (pipeline, customer_id, segment_key, segment_name, run, as_of)
      select $1, customer_id, segment_key, segment_name, $5, $6
      from unnest($2::text[], $3::text[], $4::text[]) as m (customer_id, segment_key, segment_name)
      on conflict (pipeline, customer_id) do update set segment_key = excluded.segment_key,
        segment_name = excluded.segment_name, run = excluded.run, as_of = excluded.as_of`,
      [
        delivery.pipeline,
        members.map(({ customerId }) => customerId),
        members.map(({ toSegmentKey }) => toSegmentKey),
        members.map(({ toSegmentKey }) => nameOf.get(toSegmentKey!) ?? toSegmentKey),
        formatRunId(delivery),
        delivery.asOf,
      ],
    )
}

function toTableFailure(error: unknown, { secret, table }: TableOptions): unknown {
  if (error instanceof ResegmentError || !(error instanceof Error) || error.name === 'AbortError') return error
  const { code = '' } = error as { code?: string }
  const place = `The database of table ${table}`
  if (isNetworkFailure(error) || passing.test(code) || /Connection terminated|timeout exceeded/.test(error.message))
    return new ConnectionFailed(
      `${place} cannot be reached or broke off (${code || 'connection'}).`,
      'See that it is up; what is pending is sent again by itself.',
      { cause: error },
    )
  if (/^(28|42501|3D000)/.test(code))
    return new PermissionDenied(
      `${place} refused (${code}).`,
      `Check user, password, database and rights in ${secret}: the schema must be there, with the right to create and change this table.`,
      { cause: error },
    )
  if (code === '3F000')
    return new ConfigInvalid(`${place} lacks the schema.`, 'Create the schema, or correct activate.<name>.table.', {
      cause: error,
    })
  // What the server says quotes rows.
  return new DestinationRefused(
    `${place} refused the members (${code || error.name}).`,
    'See its log; a table of that name may have other columns.',
  )
}
