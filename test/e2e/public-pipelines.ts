import { resolve } from 'node:path'
import { parse, stringify } from 'yaml'
import { makeExampleProject } from '../activities/run-example.ts'
import { TestProject } from './project.ts'

const PROJECT = resolve(import.meta.dirname, '../pipelines')

/** The project under test/pipelines, or a copy of another one over its sources, with its own target, and files named absolutely. */
export async function openPipelines(target: string, folder = PROJECT): Promise<TestProject> {
  const project = await TestProject.open(target, {}, folder)
  const config = parse(project.read('resegment.yaml')) as {
    targets: Record<string, unknown>
    sources: Record<string, { from: { file?: string } }>
  }
  config.targets = {
    ...config.targets,
    [target]: { schema: `segmentation_${target}`, prefix: `${target}/`, embedded: true },
  }
  for (const { from } of Object.values(config.sources)) if (from.file) from.file = resolve(PROJECT, from.file)
  project.write('resegment.yaml', stringify(config))
  await project.migrate()
  return project
}

/** The project of pipelines/examples over the same sources. */
export async function openExamples(target: string): Promise<TestProject> {
  const { folder, close } = makeExampleProject()
  try {
    return await openPipelines(target, folder)
  } finally {
    close()
  }
}
