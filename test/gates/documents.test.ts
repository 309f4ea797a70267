import { existsSync, globSync, readFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'

const REPOSITORY = resolve(import.meta.dirname, '../..')
const documents = ['*.md', 'docs/**/*.md'].flatMap((pattern) => globSync(pattern, { cwd: REPOSITORY })).sort()

describe('the documents', () => {
  it.each(documents)('%s links only to files that are there', (name) => {
    const text = readFileSync(join(REPOSITORY, name), 'utf8')
    const targets = [...text.matchAll(/\]\(([^)\s#]+)(?:#[^)]*)?\)/g)].map((match) => match[1]!)
    const missing = targets.filter(
      (target) => !/^[a-z]+:/.test(target) && !existsSync(resolve(REPOSITORY, dirname(name), target)),
    )
    expect(missing).toEqual([])
  })

  it('describe every room of the house in ARCHITECTURE.md', () => {
    const text = readFileSync(join(REPOSITORY, 'ARCHITECTURE.md'), 'utf8')
    const rooms = globSync('src/*/', { cwd: REPOSITORY }).map((folder) => folder.replace(/^src\/|\/$/g, ''))
    expect(rooms.filter((room) => !text.includes(`| \`${room}`))).toEqual([])
  })
})
