import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { TestProject } from '../e2e/project.ts'
import { shopPipeline, shopProject } from '../e2e/shop.ts'
import type { StoredHistory } from '../workflows/history.ts'

const TARGET = 'replaycheck'

describe('replay-check of exported histories', () => {
  let project: TestProject
  beforeAll(async () => {
    const files = { 'resegment.yaml': shopProject(TARGET), 'pipelines/shop.yaml': shopPipeline() }
    project = await TestProject.open(TARGET, files)
  })
  afterAll(() => project.close())

  function stored(name: StoredHistory): string {
    return readFileSync(join(import.meta.dirname, '../workflows/histories', `${name}.json`), 'utf8')
  }

  function check(histories: Readonly<Record<string, string>>): ReturnType<TestProject['cli']> {
    const folder = join(project.folder, `histories-${Object.keys(histories).join('-')}`)
    mkdirSync(folder)
    for (const [name, text] of Object.entries(histories)) writeFileSync(join(folder, `${name}.json`), text)
    return project.cli(['replay-check', '--histories', folder, '--json'])
  }

  it('passes those that this version replays', async () => {
    const { code, stdout } = await check({
      held: stored('held-then-approved'),
      sync: stored('sync-sent'),
    })
    expect(JSON.parse(stdout)).toEqual({ replayed: 2, broken: [] })
    expect(code).toBe(0)
  })

  it('fails for one whose workflow did something else, and names it alone', async () => {
    const text = stored('published')
    const changed = text.replaceAll('"buildFeatures"', '"buildOtherFeatures"')
    expect(changed).not.toBe(text)
    const { code, stdout } = await check({ same: text, other: changed })
    expect(JSON.parse(stdout)).toMatchObject({
      replayed: 2,
      broken: [{ workflowId: 'other', failure: { type: 'DeterminismViolationError' } }],
    })
    expect(code).toBe(1)
  })

  it('refuses a file that is no history, and says how to export one', async () => {
    const { code, stderr } = await check({ wrong: '{"events": [{"eventId": 1}]}' })
    expect(code).toBe(2)
    expect(stderr).toMatch(/wrong\.json is no history.*temporal workflow show/s)
  })
})
