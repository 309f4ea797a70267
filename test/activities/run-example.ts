import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { parse, stringify } from 'yaml'
import { loadDefinition } from '../../src/config/resolve-definition.ts'
import type { Definition } from '../../src/plan/definition.ts'

const ROOT = resolve(import.meta.dirname, '../..')
const SOURCES = join(ROOT, 'test/pipelines')

/** A project with the pipelines of pipelines/examples over the sources of test/pipelines, files named absolutely. */
export function makeExampleProject(): { readonly folder: string; readonly close: () => void } {
  const folder = mkdtempSync(join(tmpdir(), 'resegment-examples-'))
  const project = parse(readFileSync(join(SOURCES, 'resegment.yaml'), 'utf8')) as {
    sources: Record<string, { from: { file?: string } }>
  }
  for (const { from } of Object.values(project.sources)) if (from.file) from.file = resolve(SOURCES, from.file)
  writeFileSync(join(folder, 'resegment.yaml'), stringify(project))
  cpSync(join(ROOT, 'pipelines/examples'), join(folder, 'pipelines'), { recursive: true })
  return { folder, close: () => rmSync(folder, { recursive: true, force: true }) }
}

/** The definition of an example, as `resegment run` would take it. */
export function exampleDefinition(name: string): Definition {
  const project = makeExampleProject()
  try {
    return loadDefinition(project.folder, name, 'dev')
  } finally {
    project.close()
  }
}
