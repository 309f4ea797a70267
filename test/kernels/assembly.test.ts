import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'

it(
  'checks in the kernel that its source compiles to; `npm run build:kernels` makes it',
  { timeout: 120_000 },
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'resegment-kernels-'))
    try {
      const outFile = join(folder, 'kmeans.wasm')
      await promisify(execFile)(process.execPath, ['scripts/build-kernels.mjs', outFile])
      const built = readFileSync(outFile)
      const checkedIn = readFileSync(new URL('../../src/kernels/assembly/kmeans.wasm', import.meta.url))
      expect(built.equals(checkedIn)).toBe(true)
    } finally {
      rmSync(folder, { recursive: true })
    }
  },
)
