import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { RunStatus } from '../../src/run/run-status.ts'
import type { TestProject } from './project.ts'
import { openShop, shopPipeline } from './shop.ts'

describe('a playbook', () => {
  let project: TestProject
  let before: RunStatus
  beforeAll(async () => {
    project = await openShop('playbook')
    await project.startWorker()
    before = await project.run(['shop', '--as-of', '2026-10-01'])
  })
  afterAll(() => project?.close())

  it('has a plan for each live segment before anybody wrote one', async () => {
    const plays = await project.sql<{ segment_key: string; own_fields: string[]; message: string; journey: object[] }>(
      'select segment_key, own_fields, message, journey from segment_playbook order by segment_key',
    )
    expect(plays.map(({ segment_key }) => segment_key)).toEqual(
      before.segments.map(({ segmentKey }) => segmentKey).sort(),
    )
    for (const { own_fields, message, journey } of plays) {
      expect(own_fields).toEqual([])
      expect(message).not.toBe('')
      expect(journey.length).toBeGreaterThan(0)
    }
  })

  it('that is written forms no segment anew, is out with the next run, and goes back with a rollback', async () => {
    const usual = await messageOfFirst()
    project.write(
      'pipelines/shop.yaml',
      `${shopPipeline()}playbook: { segments: { shop-1: { message: Hello., channels: [post, phone] }, Nobody: { offer: none } } }\n`,
    )
    const effects = await project.cli(['diff', 'shop', '--definition'])
    expect(effects.stdout).toContain('no customer moves')
    const after = await project.run(['shop', '--as-of', '2026-10-01', '--revision', '2'])
    expect(after.moved).toBe(0)
    expect(await messageOfFirst()).toEqual({
      message: 'Hello.',
      channels: ['post', 'phone'],
      own_fields: ['message', 'channels'],
    })
    const { stdout } = await project.cli(['report', 'shop', '--format', 'markdown'])
    expect(stdout).toContain(
      'Message and Channels are said by the pipeline; the rest is what such customers usually are given.',
    )
    const rolledBack = await project.cli(['rollback', 'shop', '--reason', 'not yet'])
    expect(rolledBack.code, rolledBack.stderr).toBe(0)
    expect(await messageOfFirst()).toEqual(usual)
  })

  it('of a kind that there is not is refused, quoting it', async () => {
    project.write('pipelines/shop.yaml', `${shopPipeline()}playbook: { characters: { heroes: { offer: a cape } } }\n`)
    const { code, stderr, stdout } = await project.cli(['check'])
    expect(code).toBe(2)
    expect(stderr + stdout).toMatch(/shop\.yaml:\d+.*heroes/s)
  })

  async function messageOfFirst(): Promise<object> {
    const [row] = await project.sql(
      "select message, channels, own_fields from segment_playbook where segment_key = 'shop-1'",
    )
    return row!
  }
})
