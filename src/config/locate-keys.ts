import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { readYaml, type KeyPath, type YamlFile } from './yaml-file.ts'

/** Where a key stands. */
export interface KeyPlace {
  /** Relative to the project folder. */
  readonly file: string
  readonly line: number
}

/**
 * Finds keys of a definition in the files of the project.
 *
 * @param path from the root of the definition; a key that is not written there is told by what is around it
 */
export function keyLocator(folder: string, pipelineName: string): (path: KeyPath) => KeyPlace {
  const read = (name: string): YamlFile => readYaml(name, readFileSync(join(folder, name), 'utf8'))
  const [project, pipeline] = [read('resegment.yaml'), read(`pipelines/${pipelineName}.yaml`)]
  return (path) => {
    const [yaml, own] = path[0] === 'pipeline' ? [pipeline, path.slice(1)] : [project, path]
    const { file, line } = yaml.problem({ path: own, ofKey: true, came: '', wanted: '' })
    return { file, line }
  }
}
