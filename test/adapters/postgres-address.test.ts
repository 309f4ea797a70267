import { describe, expect, it } from 'vitest'
import { splitTableName } from '../../src/adapters/postgres-source/postgres-failures.ts'
import { makePostgresReader } from '../../src/adapters/postgres-source/postgres-reader.ts'
import { source } from '../../src/stages/extract/config.ts'

const reader = (connectionUrl: string) => makePostgresReader({ connectionUrl, connectionName: 'warehouse' })
const lines = source.parse({ from: { connection: 'warehouse', table: 'lines' }, columns: {} })

describe('Postgres source', () => {
  it('calls a server that does not answer a failed connection, which is tried again, and never prints the password', async () => {
    const failure: unknown = await reader('postgres://ann:s3cret@127.0.0.1:1/shop')
      .describe(lines, 'lines')
      .catch((e: unknown) => e)
    expect(failure).toMatchObject({ type: 'ConnectionFailed', retry: 'try-again' })
    expect(String(failure)).toContain('127.0.0.1:1/shop')
    expect(String(failure)).not.toContain('s3cret')
  })

  it('splits table names at dots outside quotes', () => {
    expect(splitTableName('lines')).toEqual(['lines'])
    expect(splitTableName('sales.lines')).toEqual(['sales', 'lines'])
    expect(splitTableName('"my.schema"."Li""nes"')).toEqual(['my.schema', 'Li"nes'])
    for (const wrong of ['a.b.c', 'a.', '.a', '', '"a', 'a"b'])
      expect(() => splitTableName(wrong), wrong).toThrow('is not a table name')
  })
})
