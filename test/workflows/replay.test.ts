import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { DefaultLogger, type Logger } from '@temporalio/worker'
import { beforeAll, describe, expect, it } from 'vitest'
import { installRuntime } from '../../src/workers/runtime-log.ts'
import { bundleWorkflows, loadWorkflowBundle } from '../../src/workers/workflow-bundle.ts'
import { MAX_PAYLOAD_BYTES } from '../../src/plan/payload-size.ts'
import { largestPayload, readHistory, storedHistories } from './history.ts'
import { replayHistories, swapTwoSteps, undisturbed } from './replay-histories.ts'

const ROOT = resolve(import.meta.dirname, '../..')

type Bundle = Awaited<ReturnType<typeof loadWorkflowBundle>>

/** A copy of the workflows with one change, bundled and thrown away. */
async function bundleMutant(file: string, change: (text: string) => string, logger?: Logger): Promise<Bundle> {
  const folder = await mkdtemp(join(ROOT, '.resegment-mutant-'))
  try {
    for (const room of ['workflows', 'run', 'errors', 'stats'])
      await cp(join(ROOT, 'src', room), join(folder, room), { recursive: true })
    const path = join(folder, 'workflows', file)
    const text = await readFile(path, 'utf8')
    const changed = change(text)
    expect(changed).not.toBe(text)
    await writeFile(path, changed)
    return await bundleWorkflows(join(folder, 'workflows/index.ts'), logger)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

beforeAll(() => installRuntime({ level: 'error', destination: 'stderr' }))

describe('stored histories', () => {
  let bundle: Bundle
  beforeAll(async () => {
    bundle = await loadWorkflowBundle()
  })

  it('replay on the workflows of today: a deploy breaks no run in flight', async () => {
    expect(await replayHistories(bundle)).toEqual(undisturbed)
  })

  it('hold no payload above 64 KB and no name of a machine', async () => {
    for (const name of storedHistories) {
      expect(largestPayload(await readHistory(name))).toBeLessThanOrEqual(MAX_PAYLOAD_BYTES)
      const text = await readFile(join(import.meta.dirname, 'histories', `${name}.json`), 'utf8')
      expect(text).not.toMatch(/"identity": *"(?!worker")|"stackTrace": *"[^"]|"\d+@/)
    }
  })

  it('do not replay when two steps change places: the gate can fail', async () => {
    const mutant = await bundleMutant('segment-customers.ts', swapTwoSteps)
    expect(Object.values(await replayHistories(mutant))).toContain('DeterminismViolationError')
  })
})

describe('the bundle', () => {
  it('refuses a module that workflows must not load, and names it', async () => {
    // What webpack says of the planted module is for this test, not for whoever reads its output.
    const said: string[] = []
    const mutant = bundleMutant(
      'in-shards.ts',
      (text) => `import { readFileSync } from 'node:fs'\nreadFileSync('x')\n${text}`,
      new DefaultLogger('ERROR', ({ message }) => said.push(message)),
    )
    await expect(mutant).rejects.toThrow(/Webpack finished with errors/)
    expect(said.join('\n')).toContain('ERROR in node:fs')
  })
})
