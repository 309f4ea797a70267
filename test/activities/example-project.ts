import { cpSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { parse, stringify } from 'yaml'

const PROJECT = resolve(import.meta.dirname, '../pipelines')
const EXAMPLES = resolve(import.meta.dirname, '../../pipelines/examples')

/**
 * A project folder with the sources of test/pipelines and one pipeline of pipelines/examples.
 *
 * @param change of the pipeline as it was written
 */
export function openExample(name: string, change: (pipeline: Record<string, unknown>) => object = () => ({})): string {
  const folder = mkdtempSync(join(tmpdir(), `resegment-example-${name}-`))
  cpSync(PROJECT, folder, { recursive: true })
  const config = parse(readFileSync(join(folder, 'resegment.yaml'), 'utf8')) as {
    sources: Record<string, { from: { file?: string } }>
  }
  for (const { from } of Object.values(config.sources)) if (from.file) from.file = resolve(PROJECT, from.file)
  writeFileSync(join(folder, 'resegment.yaml'), stringify(config))
  const pipeline = parse(readFileSync(join(EXAMPLES, `${name}.yaml`), 'utf8')) as Record<string, unknown>
  writeFileSync(join(folder, 'pipelines', `${name}.yaml`), stringify({ ...pipeline, ...change(pipeline) }))
  return folder
}
