import { describe, expect, it } from 'vitest'
import { compileGlob } from '../../../src/adapters/s3/glob.ts'

const KEYS = [
  'in/2026/07/lines.csv.gz',
  'in/2026/lines-1.csv.gz',
  'in/2026/lines-2.csv.gz',
  'in/2026/lines-10.csv.gz',
  'in/2026/lines-x.csv',
  'in/lines+(a).csv.gz',
]
const matching = (pattern: string): string[] => KEYS.filter(compileGlob(pattern).matches)

describe('a pattern over keys', () => {
  // Expected by hand; DuckDB's glob() gives the same over files of these names.
  it.each([
    ['in/2026/lines-1.csv.gz', ['in/2026/lines-1.csv.gz']],
    ['in/2026/*.csv.gz', ['in/2026/lines-1.csv.gz', 'in/2026/lines-2.csv.gz', 'in/2026/lines-10.csv.gz']],
    ['in/2026/lines-?.csv*', ['in/2026/lines-1.csv.gz', 'in/2026/lines-2.csv.gz', 'in/2026/lines-x.csv']],
    ['in/2026/lines-[1-9].csv.gz', ['in/2026/lines-1.csv.gz', 'in/2026/lines-2.csv.gz']],
    ['in/2026/lines-[!1].csv*', ['in/2026/lines-2.csv.gz', 'in/2026/lines-x.csv']],
    ['in/**/lines*.gz', KEYS.filter((key) => key.endsWith('.gz'))],
    ['in/lines+(a).csv.gz', ['in/lines+(a).csv.gz']],
    ['lines*', []],
  ])('%s', (pattern, keys) => expect(matching(pattern)).toEqual(keys))

  it('lists no more than its text before the first sign', () => {
    expect(compileGlob('in/2026/lines-?.csv*').prefix).toBe('in/2026/lines-')
    expect(compileGlob('in/all.csv').prefix).toBe('in/all.csv')
  })

  it('is refused when a range goes backwards', () => {
    expect(() => compileGlob('in/[9-0].csv')).toThrow('"in/[9-0].csv"')
  })
})
