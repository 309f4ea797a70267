import { expect } from 'vitest'
import { TestProject } from './project.ts'

/** A folder with nothing in it but what `init` writes, seen through a target of the test. */
export async function initialised(target: string, args: readonly string[]): Promise<TestProject> {
  const project = await TestProject.open(target, {})
  const { code, stdout, stderr } = await project.cli(['init', '--yes', ...args])
  expect(code, `${stdout}\n${stderr}`).toBe(0)
  const line = `  ${target}: { schema: segmentation_${target}, prefix: ${target}/, embedded: true }\n`
  project.write('resegment.yaml', project.read('resegment.yaml').replace('targets:\n', `targets:\n${line}`))
  const checked = await project.cli(['check', '--connect'])
  expect(checked.code, `${checked.stdout}\n${checked.stderr}`).toBe(0)
  return project
}

export async function customersOf(project: TestProject): Promise<number> {
  const [row] = await project.sql<{ n: number }>('select count(*)::int as n from customer_segments')
  return row!.n
}
