import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { HAS_VERSION } from '../../src/run/worker-version.ts'
import { versionedBundle } from '../../src/workers/versioned-bundle.ts'

afterEach(() => {
  vi.unstubAllGlobals()
  vi.resetModules()
})

async function behaviours(): Promise<Record<string, unknown>> {
  const workflows = await import('../../src/workflows/index.ts')
  return Object.fromEntries(
    Object.entries(workflows).map(([name, workflow]) => [
      name,
      (workflow as { workflowDefinitionOptions?: { versioningBehavior: string } }).workflowDefinitionOptions
        ?.versioningBehavior,
    ]),
  )
}

describe('every type of workflow', () => {
  it('says on a worker with a version whether it ends there, as docs/decisions/0018 has it', async () => {
    vi.stubGlobal(HAS_VERSION, true)
    expect(await behaviours()).toEqual({
      segmentCustomers: 'PINNED',
      verifyRun: 'PINNED',
      eraseCustomer: 'AUTO_UPGRADE',
      syncDestination: 'AUTO_UPGRADE',
      sendNotices: 'AUTO_UPGRADE',
      reviewSegmentation: 'AUTO_UPGRADE',
      watchSchedules: 'AUTO_UPGRADE',
      sweep: 'AUTO_UPGRADE',
    })
  })

  it('says nothing on a worker without one, whose word the server would refuse', async () => {
    expect(Object.values(await behaviours()).filter(Boolean)).toEqual([])
  })
})

describe('the bundle of a worker with a version', () => {
  it('is the one that is shipped or made, behind the word that there is a version, line by line', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'resegment-bundle-'))
    try {
      const codePath = join(folder, 'bundle.js')
      writeFileSync(codePath, 'first()\nsecond()\n')
      const expected = { code: `var ${HAS_VERSION} = true;first()\nsecond()\n` }
      expect(await versionedBundle({ codePath })).toEqual(expected)
      expect(await versionedBundle({ code: 'first()\nsecond()\n' })).toEqual(expected)
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  })
})
