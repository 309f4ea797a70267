import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { TestProject } from '../e2e/project.ts'

const ROOT = resolve(import.meta.dirname, '../..')
const TARGET = 'docs'
/** In the order in which a team would meet them: the guide of the data team makes the runs that the others look at. */
const DOCUMENTS = [
  'docs/guides/data-team.md',
  'docs/guides/operator.md',
  'docs/guides/consumer.md',
  'README.md',
  'CONTRIBUTING.md',
]
/** Commands of the repository itself, and what runs them instead. */
const ELSEWHERE: readonly (readonly [RegExp, string])[] = [
  [/^git clone .* && cd resegment$/, 'a test starts from a clone'],
  [/^npm start$/, 'test/cli/demo.test.ts runs the demo, which is all that it does'],
  [/^npm test\b/, 'this is it'],
  [/^npm run check\b/, 'test/gates runs each of its programs'],
  [/^npm run bench -- small$/, 'figures are no test; test/bench checks how they are read'],
]

interface Block {
  readonly language: string
  readonly lines: readonly string[]
}

let project: TestProject
beforeAll(async () => {
  const ownTarget = `targets:\n  ${TARGET}: { schema: segmentation_${TARGET}, prefix: ${TARGET}/, embedded: true }\n`
  project = await TestProject.open(TARGET, {
    'resegment.yaml': readFileSync(join(ROOT, 'resegment.yaml'), 'utf8').replace('targets:\n', ownTarget),
    'pipelines/shop.yaml': readFileSync(join(ROOT, 'pipelines/shop.yaml'), 'utf8'),
  })
})
afterAll(() => project.close())

describe('every command of', () => {
  it.each(DOCUMENTS)(
    '%s does what it says',
    async (document) => {
      const blocks = blocksOf(readFileSync(join(ROOT, document), 'utf8'))
      expect(blocks.length).toBeGreaterThan(0)
      for (const { language, lines } of blocks) {
        if (language === 'sql') await answersRows(lines.join('\n'))
        else if (language === 'sh') for (const line of lines) await execute(line)
        else expect(language, `${document} has a block that nothing executes`).toBe('text')
      }
    },
    300_000,
  )
})

async function execute(line: string): Promise<void> {
  const command = line.replace(/\s+#.*$/, '')
  if (ELSEWHERE.some(([pattern]) => pattern.test(command))) return
  const [npx, program, ...words] = [...command.matchAll(/"([^"]*)"|(\S+)/g)].map(
    ([, quoted, plain]) => quoted ?? plain!,
  )
  expect([npx, program], `how is "${command}" executed?`).toEqual(['npx', 'resegment'])
  // The guides name prod; here everything happens in a target of the test.
  const args = words.join('\n').replace('--target\nprod', '').split('\n').filter(Boolean)
  if (args[0] === 'worker') {
    await project.startWorker()
    return
  }
  if (args[0] === 'approve' || args[0] === 'reject' || args[0] === 'cancel') await holdRun()
  const result = await project.cli(args)
  expect(result.code, `${command}\n${result.stdout}\n${result.stderr}`).toBe(0)
}

/** The next revision of the run that the guides speak of, held: what can be decided or cancelled. */
async function holdRun(): Promise<void> {
  const pipeline = project.read('pipelines/shop.yaml')
  project.write('pipelines/shop.yaml', pipeline.replace('hold: { below: 0.01 }', 'hold: { below: 0.9 }'))
  await project.run(['shop', '--as-of', '2026-10-01', '--revision', 'next'], 3)
  project.write('pipelines/shop.yaml', pipeline)
}

async function answersRows(query: string): Promise<void> {
  const rows = await project.sql(query.replaceAll('segmentation.', `${project.schema}.`))
  expect(rows.length, query).toBeGreaterThan(0)
}

/** Fenced blocks; a line ending in a backslash goes on in the next. */
function blocksOf(markdown: string): Block[] {
  return [...markdown.matchAll(/^```(\w*)\n(.*?)^```$/gms)].map(([, language, text]) => ({
    language: language!,
    lines: text!.replaceAll('\\\n', ' ').trimEnd().split('\n'),
  }))
}
