import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'

const DOCS = join(import.meta.dirname, '../../docs')
const rows = readFileSync(join(DOCS, 'reliability.md'), 'utf8')
  .split('\n')
  .filter((line) => /^\| +\d/.test(line))
  .map((line) => line.split(/(?<!\\)\|/).map((cell) => cell.trim()))

describe('the page on reliability', () => {
  it('has each of the 29 faults once, with a promise and a last result', () => {
    expect(rows.map(([, number]) => Number(number))).toEqual(Array.from({ length: 29 }, (_, index) => index + 1))
    for (const [, number, fault, promise, , result] of rows)
      for (const cell of [fault, promise, result]) expect(cell, `fault ${number}`).toMatch(/\w/)
  })

  it.each(rows.map(([, number, fault, , tests]) => ({ number, fault, tests: tests! })))(
    'names tests of fault $number that are there, as they are called: $fault',
    ({ tests }) => {
      const named = tests.split('<br>').map((test) => /^\[[^\]]+\]\(([^)]+)\)(?:: `(.+)`)?$/.exec(test))
      for (const test of named) {
        const [, file, title] = test!
        expect(existsSync(join(DOCS, file!)), file).toBe(true)
        const source = readFileSync(join(DOCS, file!), 'utf8')
        if (title !== undefined) expect(source).toContain(title)
      }
    },
  )
})
