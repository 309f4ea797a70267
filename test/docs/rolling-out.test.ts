import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import type { TestProject } from '../e2e/project.ts'
import { openShop } from '../e2e/shop.ts'
import { temporalTool } from '../e2e/temporal-tool.ts'
import { blocksOf } from './blocks.ts'
import { shellCommands, shellWords } from './shell-commands.ts'

const GUIDE = resolve(import.meta.dirname, '../../docs/guides/rolling-out.md')
const TARGET = 'rollguide'
const HELD = 3

let project: TestProject
beforeAll(async () => {
  project = await openShop(TARGET, { pipeline: { validate: '{ smallestSegment: { hold: { below: 0.9 } } }' } })
})
afterAll(() => project.close())

it('every command of docs/guides/rolling-out.md does what it says', async () => {
  const blocks = blocksOf(readFileSync(GUIDE, 'utf8')).filter(({ language }) => language !== 'text')
  expect(blocks.map(({ language }) => language)).toEqual(blocks.map(() => 'sh'))
  for (const { text } of blocks) for (const command of shellCommands(text)) await execute(command)
})

async function execute(command: string): Promise<void> {
  const [program, ...words] = shellWords(command)
  if (program === 'temporal') return executeTemporal(words)
  const [resegment, ...args] = words
  expect([program, resegment], `how is "${command}" executed?`).toEqual(['npx', 'resegment'])
  // The guide names prod; here everything happens in a target of the test.
  const own = args.join('\n').replace('--target\nprod', '').split('\n').filter(Boolean)
  if (own[0] === 'worker') {
    await project.startWorkerProcess({}, own.slice(1))
    return
  }
  const { code, stdout, stderr } = await project.cli(own)
  expect(code, `${command}\n${stdout}\n${stderr}`).toBe(0)
  if (own[0] === 'doctor') expect(stdout).toContain('resegment:v1 is current')
  if (own[0] === 'describe') expect(stdout).toContain('resegment:v2')
}

async function executeTemporal(words: readonly string[]): Promise<void> {
  const ofTarget = words.map((word) => (word.startsWith('shop@') ? `${TARGET}/${word}` : word))
  // The server learns of a version, and of its queues, soon after its workers began to poll.
  const told = await vi.waitFor(() => temporalTool(project, ofTarget), { timeout: 30_000, interval: 500 })
  // A run of each version is held while the guide goes on; the later one is there when the guide speaks of it.
  if (words[2] === 'set-current-version' && words.includes('v1')) await runOnce('2026-07-01')
  if (words[2] === 'set-current-version' && words.includes('v2')) await runOnce('2026-10-01')
  if (words[1] === 'list') {
    expect(told).toContain('shop@2026-07-01')
    expect(told).not.toContain('shop@2026-10-01')
  }
}

async function runOnce(asOf: string): Promise<void> {
  await project.run(['shop', '--as-of', asOf], HELD)
}
