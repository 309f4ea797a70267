import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { machine, measureInTurn, nodeScript, ratioOf, tableOf, type Contender } from './in-turn.ts'
import { startWarehouse } from './start-warehouse.ts'

const TARGETS = { allNew: 1.8, moved: 0.8 }

/**
 * `npm run bench -- publish [CUSTOMERS [REPETITIONS]]`: a first publication (membership, scores, switch) against psql's \copy of the same rows
 * with their primary key, and a second one in which a tenth moved, and the way back, against the first. Needs psql and GNU time.
 */
export async function benchPublish(args: readonly string[]): Promise<boolean> {
  const [customers = 1_000_000, repetitions = 3] = args.map(Number)
  const folder = mkdtempSync(join(tmpdir(), 'resegment-publish-'))
  mkdirSync(join(folder, 'scratch'))
  const stack = await startWarehouse(folder)
  try {
    const way = (title: string, work: string): Contender => ({
      title,
      command: () => nodeScript('run-publish.ts', work, folder, String(customers)),
    })
    const first = way('resegment, all new', 'new')
    const second = way('resegment, a tenth moved', 'moved')
    const back = way('resegment, rolled back', 'back')
    const peer = way('psql \\copy and primary key', 'psql')
    const measured = measureInTurn([first, second, back, peer], repetitions)
    console.log(`publish, ${customers} customers; ${machine()}\n\n${tableOf(measured, first)}`)
    const [ofPeer, ofFirst] = [ratioOf(measured, first, peer), ratioOf(measured, second, first)]
    console.log(`\nAll new ÷ psql: ${ofPeer?.toFixed(2)}. A tenth moved ÷ all new: ${ofFirst?.toFixed(2)}.`)
    return (ofPeer ?? 0) > TARGETS.allNew || (ofFirst ?? 0) > TARGETS.moved
  } finally {
    await stack.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}
