import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { runCli } from './run-cli.ts'

const fixture = (name: string) => join(import.meta.dirname, 'fixtures', name)

it('says that a sound project is sound and ends with 0', async () => {
  expect(await runCli('check', '--project', fixture('sound'))).toEqual({
    exitCode: 0,
    stdout: 'resegment.yaml is sound.\npipelines/shop.yaml is sound: every quarter, 3 features, 3 to 6 clusters.\n',
    stderr: '',
  })
})

it('names every problem with its place and ends with 2', async () => {
  const { exitCode, stdout, stderr } = await runCli('check', '--project', fixture('broken'))
  expect(exitCode).toBe(2)
  expect(stdout).toBe('')
  expect(stderr).toBe(`3 problems in resegment.yaml, pipelines/shop.yaml:
resegment.yaml:11:17  sources.order_lines.columns.amount.sq
    came: key "sq"
    wanted: one of the keys column, type, sql
    Did you mean sql?
pipelines/shop.yaml:7:21  cleanse[0].rule
    came: "duplicate"
    wanted: one of required, types, range, allowed, pattern, future, duplicates, cancellations, testCustomers, stale, outliers, inconsistent, unmatched, inactive, contested, sql
    Did you mean duplicates?
pipelines/shop.yaml:9:21  cluster.count
    came: 1
    wanted: a whole number from 2 to 50, or { from, to }. How many clusters: a number, or a range, of which stability and silhouette choose one; see the guide on choosing.
Mend the definition and run the command again.
`)
})

it('gives programs one JSON document on stdout', async () => {
  const sound = await runCli('check', 'shop', '--json', '--project', fixture('sound'))
  expect(JSON.parse(sound.stdout)).toEqual({
    ok: true,
    pipelines: [{ pipeline: 'shop', file: 'pipelines/shop.yaml' }],
    problems: [],
    warnings: [],
  })
  const broken = await runCli('check', '--json', '--project', fixture('broken'))
  expect(broken.exitCode).toBe(2)
  expect(JSON.parse(broken.stdout)).toMatchObject({
    ok: false,
    problems: [
      { file: 'resegment.yaml', line: 11, column: 17, hint: 'Did you mean sql?' },
      { file: 'pipelines/shop.yaml', line: 7, column: 21, came: '"duplicate"' },
      { file: 'pipelines/shop.yaml', line: 9, column: 21, key: 'cluster.count' },
    ],
  })
})

it('reports failures as one JSON document too', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'resegment-empty-'))
  const { exitCode, stdout, stderr } = await runCli('check', '--json', '--project', folder)
  expect(exitCode).toBe(2)
  expect(JSON.parse(stdout)).toMatchObject({
    error: { type: 'ConfigInvalid', remedy: expect.stringContaining('--project') },
  })
  expect(stderr).toMatch(/^ConfigInvalid: There is no resegment\.yaml in /)
})

it.each([
  ['an unknown command', ['chek'], 'Did you mean check?'],
  ['an unknown option', ['check', '--traget', 'dev'], 'Did you mean --target?'],
  ['a missing argument', ['run'], "missing required argument 'pipeline'"],
  ['too many arguments', ['check', 'a', 'b'], 'too many arguments'],
  ['a number that is none', ['demo-data', '--customers', 'many'], 'A whole number of at least 1 is wanted.'],
])('ends with 2 on %s', async (_, commandArguments, said) => {
  const { exitCode, stderr } = await runCli(...commandArguments)
  expect(stderr).toContain(said)
  expect(exitCode).toBe(2)
})

it('shows its help and ends with 0', async () => {
  const { exitCode, stdout } = await runCli('--help')
  expect(exitCode).toBe(0)
  expect(stdout).toContain('Exit codes: 0 done, 1 failed, 2 wrong usage or definition, 3 held for a decision.')
})
