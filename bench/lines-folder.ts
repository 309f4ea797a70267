import { execFileSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { nodeScript } from './in-turn.ts'
import { writeOrderLines } from './order-lines.ts'

const LINES_A_CUSTOMER = 10

/**
 * A project of generated order lines in a folder of its own, for as long as `body` takes. RESEGMENT_BENCH_FOLDER names one that is kept instead:
 * what was prepared there is used again, whatever the number of lines.
 */
export async function withLines<T>(lineCount: number, body: (folder: string) => T | Promise<T>): Promise<T> {
  const kept = process.env.RESEGMENT_BENCH_FOLDER
  const folder = kept ?? mkdtempSync(join(tmpdir(), 'resegment-lines-'))
  try {
    cpSync(join(import.meta.dirname, 'lines'), folder, { recursive: true })
    mkdirSync(join(folder, 'store'), { recursive: true })
    const path = join(folder, 'lines.parquet')
    if (!existsSync(path)) {
      console.error(`bench: generating ${lineCount} order lines`)
      await writeOrderLines(path, lineCount, lineCount / LINES_A_CUSTOMER)
    }
    return await body(folder)
  } finally {
    if (kept === undefined) rmSync(folder, { recursive: true, force: true })
  }
}

/** Runs a stage of the lines in the file, unless it was run before. */
export function prepareStage(folder: string, stage: string, shards: number): void {
  if (existsSync(join(folder, `file-${stage}-${shards}.json`))) return
  console.error(`bench: preparing, ${stage}`)
  const [program, ...args] = nodeScript('run-stage.ts', folder, 'file', stage, String(shards), '1')
  execFileSync(program!, args, { stdio: ['ignore', 'ignore', 'inherit'] })
}
