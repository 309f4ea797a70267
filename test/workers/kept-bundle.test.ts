import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { keepBundle } from '../../src/workers/kept-bundle.ts'

describe('the bundle of a source tree', () => {
  let folder: string
  let made: number
  const bundle = (keptPath = join(folder, 'kept/bundle.txt')): Promise<string> =>
    keepBundle([join(folder, 'src'), join(folder, 'package.json')], keptPath, async () => {
      made += 1
      return `code ${made}\nof two lines`
    })

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'resegment-bundle-'))
    made = 0
    mkdirSync(join(folder, 'src/workflows'), { recursive: true })
    writeFileSync(join(folder, 'src/workflows/index.ts'), 'one')
    writeFileSync(join(folder, 'package.json'), '{}')
  })
  afterEach(() => rmSync(folder, { recursive: true, force: true }))

  it('is made once for the same source', async () => {
    expect([await bundle(), await bundle()]).toEqual(['code 1\nof two lines', 'code 1\nof two lines'])
  })

  it.each([
    ['a file is changed', () => writeFileSync(join(folder, 'src/workflows/index.ts'), 'two')],
    ['a file is added', () => writeFileSync(join(folder, 'src/workflows/more.ts'), '')],
    ['a file is gone', () => rmSync(join(folder, 'src/workflows/index.ts'))],
    ['a package has another version', () => writeFileSync(join(folder, 'package.json'), '{ }')],
  ])('is made anew, and takes the place of the old one, when %s', async (_what, change) => {
    await bundle()
    change()
    expect(await bundle()).toBe('code 2\nof two lines')
    expect(readdirSync(join(folder, 'kept'))).toEqual(['bundle.txt'])
    expect(readFileSync(join(folder, 'kept/bundle.txt'), 'utf8')).toMatch(/code 2\nof two lines$/)
  })

  it('is one whole bundle when several are made at once', async () => {
    await Promise.all(Array.from({ length: 5 }, () => bundle()))
    const first = made
    expect(await bundle()).toMatch(/^code \d\nof two lines$/)
    expect(made).toBe(first)
    expect(readdirSync(join(folder, 'kept'))).toEqual(['bundle.txt'])
  })

  it('is made where it cannot be kept', async () => {
    const under = join(folder, 'package.json/bundle.txt')
    expect(await bundle(under)).toBe('code 1\nof two lines')
    expect(await bundle(under)).toBe('code 2\nof two lines')
  })
})
