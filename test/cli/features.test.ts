import { join } from 'node:path'
import { expect, it } from 'vitest'
import { runCli } from './run-cli.ts'

const project = join(import.meta.dirname, 'fixtures/sound')

it('lists the catalogue of features, for people and for programs', async () => {
  const { exitCode, stdout } = await runCli('features')
  expect(exitCode).toBe(0)
  expect(stdout).toMatch(/^Feature +Group +Type/)
  expect(stdout).toMatch(/^categoryShares +value +composition .*transactions \(category\)/m)
  const { features } = JSON.parse((await runCli('features', '--json')).stdout) as { features: unknown[] }
  expect(features).toContainEqual(
    expect.objectContaining({ name: 'surveyScale', needs: { survey: [] }, window: 'any', transform: 'none' }),
  )
})

it('says what a pipeline lacks for features, with files to begin with', async () => {
  const { exitCode, stdout } = await runCli('features', '--missing', 'shop', '--project', project)
  expect(exitCode).toBe(0)
  expect(stdout).toMatch(/Map category in a source of transactions:\n {2}categoryShares, /)
  expect(stdout).toMatch(/Add a source for extract.survey:\n {2}surveyScale, /)
  expect(stdout).toContain(
    'survey.csv to begin with:\n  customer_id,occurred_at,question,answer\n  1001,2026-03-01T09:30:00Z,satisfaction,4\n',
  )
  const { exitCode: unknown } = await runCli('features', '--missing', 'nothing', '--project', project)
  expect(unknown).toBe(2)
})
