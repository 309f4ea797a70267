import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { PlantedProject } from './planted-project.ts'

interface FileReport {
  readonly filePath: string
  readonly messages: readonly { readonly ruleId: string; readonly severity: 1 | 2 }[]
}

const ERROR = 2
const WARNING = 1
const lines = (count: number): string => 'export {}\n'.repeat(count)

/** What is planted, the rule that must name it, the file and its text. */
const planted: readonly (readonly [what: string, ruleId: string, file: string, text: string])[] = [
  [
    'a promise nobody waits for',
    '@typescript-eslint/no-floating-promises',
    'src/client/floats.ts',
    'export const act = () => {\n  Promise.resolve(1)\n}\n',
  ],
  [
    'a promise used as a condition',
    '@typescript-eslint/no-misused-promises',
    'src/client/asks.ts',
    'export const act = (it: Promise<boolean>) => {\n  if (it) return 1\n  return 2\n}\n',
  ],
  [
    'an await of no promise',
    '@typescript-eslint/await-thenable',
    'src/client/awaits.ts',
    'export const act = async () => {\n  await 1\n}\n',
  ],
  [
    'a switch that forgets a member of its union',
    '@typescript-eslint/switch-exhaustiveness-check',
    'src/run/switches.ts',
    "export const act = (it: 'a' | 'b') => {\n  switch (it) {\n    case 'a':\n      return 1\n  }\n  return 2\n}\n",
  ],
  [
    'a type imported as a value',
    '@typescript-eslint/consistent-type-imports',
    'src/run/imports.ts',
    "import { Type } from './target.ts'\nexport type T = Type\n",
  ],
  ['export *', 'no-restricted-syntax', 'src/config/barrel.ts', "export * from '../run/target.ts'\n"],
  [
    'process.env outside src/config',
    'no-restricted-properties',
    'src/wiring/reads.ts',
    'export const home = process.env.HOME\n',
  ],
  [
    'process.env in disguise',
    'no-restricted-imports',
    'src/wiring/disguised.ts',
    "import { env } from 'node:process'\nexport const home = env.HOME\n",
  ],
  [
    'Math.random in a pure room',
    'no-restricted-properties',
    'src/stats/draws.ts',
    'export const drawn = Math.random()\n',
  ],
  ['Date.now in a pure room', 'no-restricted-properties', 'src/plan/clock.ts', 'export const now = Date.now()\n'],
  [
    'new Date() in a pure room',
    'no-restricted-syntax',
    'src/workflows/clock.ts',
    'export const now = new Date()\nexport const then = new Date(0)\n',
  ],
  ['export * in a pure room', 'no-restricted-syntax', 'src/report/barrel.ts', "export * from '../run/target.ts'\n"],
  ['a file of 251 lines', 'max-lines', 'src/client/long.ts', lines(251)],
  ['a workflow of 121 lines', 'max-lines', 'src/workflows/long.ts', lines(121)],
  ['an activity of 151 lines', 'max-lines', 'src/activities/long.ts', lines(151)],
  ['an activity of 81 lines', 'house/aim-for-fewer-lines', 'src/activities/longish.ts', lines(81)],
]

const clean: Record<string, string> = {
  'src/run/target.ts': 'export interface Type {\n  readonly name: string\n}\nexport const value = 1\n',
  'src/config/environment.ts': 'export const home = process.env.HOME\n',
  'src/stats/instant.ts': "export const epoch = new Date('2026-10-01T00:00:00Z')\n",
  'src/activities/short.ts': lines(80),
  'src/workflows/short.ts': lines(120),
  'src/client/short.ts': lines(250),
}

describe('eslint', () => {
  let project: PlantedProject
  let reports: readonly FileReport[]

  beforeAll(async () => {
    const files = Object.fromEntries(planted.map(([, , file, text]) => [file, text]))
    project = new PlantedProject(['eslint.config.js'], { ...files, ...clean })
    const { output } = await project.run('eslint', ['--format', 'json', 'src'])
    reports = JSON.parse(output) as FileReport[]
  }, 120_000)
  afterAll(() => project.close())

  const messagesOf = (file: string) =>
    reports.find(({ filePath }) => filePath.replaceAll('\\', '/').endsWith(`/${file}`))?.messages ?? []

  it.each(planted)('refuses %s', (_what, ruleId, file, _text) => {
    const severity = ruleId.startsWith('house/') ? WARNING : ERROR
    expect(messagesOf(file)).toContainEqual(expect.objectContaining({ ruleId, severity }))
  })

  it.each(Object.keys(clean))('lets %s pass', (file) => {
    expect(messagesOf(file)).toEqual([])
  })

  it('lets a date be made from an instant that is given', () => {
    expect(messagesOf('src/workflows/clock.ts')).toHaveLength(1)
  })
})
