import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { renderReference } from '../../scripts/reference.ts'

it('keeps schemas and reference pages as the code has them (`npm run docs` writes them)', async () => {
  const root = join(import.meta.dirname, '../..')
  const rendered = await renderReference()
  const committed = Object.fromEntries(
    Object.keys(rendered).map((path) => [path, readFileSync(join(root, path), 'utf8')]),
  )
  expect(committed).toEqual(rendered)
})
