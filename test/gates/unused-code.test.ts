import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { PlantedProject, type GateResult } from './planted-project.ts'

describe('knip', () => {
  let project: PlantedProject
  let result: GateResult

  beforeAll(async () => {
    project = new PlantedProject(['knip.json'], {
      'package.json': JSON.stringify({
        name: 'planted',
        type: 'module',
        dependencies: { zod: '*', 'left-behind': '*' },
      }),
      'src/index.ts': "import { z } from 'zod'\nimport { used } from './used.ts'\nconsole.log(z, used)\n",
      'src/used.ts': 'export const used = 1\nexport const forgotten = 2\n',
      'src/nobody-loads-me.ts': 'export const lonely = 1\n',
    })
    result = await project.run('knip', [])
  }, 60_000)
  afterAll(() => project.close())

  it('fails', () => {
    expect(result.code).toBe(1)
  })

  it.each([
    ['a file that nobody loads', /nobody-loads-me\.ts/],
    ['an export that nobody uses', /forgotten.+src\/used\.ts/],
    ['a dependency that nobody uses', /left-behind/],
  ])('names %s', (_what, line) => {
    expect(result.output).toMatch(line)
  })
})
