import { mkdtemp, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { tmpdir } from 'node:os'
import type { ComputeSession } from '../../src/ports/compute-engine.ts'
import { makeDuckDbEngine } from '../../src/adapters/duckdb/engine.ts'

/** A session of the real engine with its own scratch folder. */
export async function openSession(
  readableFiles: readonly string[] = [],
): Promise<{ session: ComputeSession; close: () => Promise<void> }> {
  const scratchPath = await mkdtemp(join(tmpdir(), 'resegment-stage-'))
  const session = await makeDuckDbEngine({ threads: 2 }).open({
    scratchPath,
    readablePaths: readableFiles.map((file) => dirname(file)),
  })
  return {
    session,
    close: async () => {
      await session.close()
      await rm(scratchPath, { recursive: true, force: true })
    },
  }
}
