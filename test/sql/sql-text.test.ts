import { rm } from 'node:fs/promises'
import { expect, it } from 'vitest'
import { quoteName, quoteNames, quoteText, readParquet, selectNamed } from '../../src/sql/sql-text.ts'
import { openSession } from '../adapters/warehouse/candidate.ts'

it('keeps quotes, backslashes and semicolons inside what is quoted, as the engine reads it', async () => {
  const { session, scratchPath } = await openSession()
  const text = `O'Neil's "1\\2"; DROP TABLE x`
  expect(await session.rows(`SELECT ${quoteText(text)} AS ${quoteName(text)}`)).toEqual([{ [text]: text }])
  await session.close()
  await rm(scratchPath, { recursive: true })
})

it('lists names and files', () => {
  expect(quoteNames(['a', 'b"c'])).toBe('"a", "b""c"')
  expect(readParquet(['/x/1.parquet', "/it's/2.parquet"])).toBe("read_parquet(['/x/1.parquet', '/it''s/2.parquet'])")
})

it('names expressions of a select, and has one where there are none', () => {
  expect(selectNamed({ 'a b': 'x + 1', c: '"c"' })).toBe('x + 1 AS "a b", "c" AS "c"')
  expect(selectNamed({})).toBe('0 AS nothing')
})
