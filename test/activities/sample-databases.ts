import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { gunzipSync } from 'node:zlib'
import pg from 'pg'

const DATA = resolve(import.meta.dirname, '../../../shared/data')
const DUMPS = { northwind: 'northwind/northwind.sql.gz', chinook: 'chinook/Chinook_PostgreSql.sql.gz' } as const

export type SampleDatabase = keyof typeof DUMPS

export function hasSampleDatabases(): boolean {
  return Object.values(DUMPS).every((dump) => existsSync(join(DATA, dump)))
}

/** Loads a published dump into a schema of its name. Several test files may ask for the same one. */
export async function loadSampleDatabase(connectionString: string, name: SampleDatabase): Promise<void> {
  // Version 12 of Postgres and later ones refuse the setting.
  const dump = gunzipSync(readFileSync(join(DATA, DUMPS[name])))
    .toString('utf8')
    .replace('SET default_with_oids = false;', '')
  const client = new pg.Client({ connectionString })
  await client.connect()
  try {
    await client.query('begin')
    await client.query('select pg_advisory_xact_lock(hashtext($1))', [name])
    const { rows } = await client.query('select from pg_namespace where nspname = $1', [name])
    if (rows.length === 0) {
      await client.query(`create schema ${name}`)
      await client.query(`set local search_path to ${name}`)
      await client.query(dump)
    }
    await client.query('commit')
  } finally {
    await client.end()
  }
}
