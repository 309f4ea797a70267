import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { PlantedProject } from './planted-project.ts'

describe('tsc and prettier', () => {
  let project: PlantedProject

  beforeAll(() => {
    project = new PlantedProject(['.prettierrc.json', '.prettierignore'], {
      'src/enum.ts': 'export enum Colour {\n  Red,\n}\n',
      'src/value-import.ts': "import { Type } from './type.ts'\nexport type T = Type\n",
      'src/type.ts': 'export interface Type {\n  readonly name: string\n}\n',
      'src/wrong.ts': "export const count: number = 'three'\n",
      'src/index-access.ts': 'export const first = (list: string[]): string => list[0]\n',
      'src/style.ts': 'export const a = "double quotes and a semicolon";\n',
    })
  })
  afterAll(() => project.close())

  it('tsc names syntax that Node cannot strip, a type imported as a value, a wrong type, and an unchecked index', async () => {
    const { code, output } = await project.run('tsc', ['--noEmit', '-p', '.'])
    expect(code).not.toBe(0)
    expect(output).toMatch(/src\/enum\.ts.+TS1294/)
    expect(output).toMatch(/src\/value-import\.ts.+TS1484/)
    expect(output).toMatch(/src\/wrong\.ts.+TS2322/)
    expect(output).toMatch(/src\/index-access\.ts.+TS2322/)
  }, 60_000)

  it('prettier names the file whose style is another', async () => {
    const { code, output } = await project.run('prettier', ['--check', 'src'])
    expect(code).toBe(1)
    expect(output).toMatch(/src\/style\.ts/)
    expect(output).not.toMatch(/src\/type\.ts/)
  }, 60_000)
})
