import { mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { makeDuckDbEngine } from '../src/adapters/duckdb/engine.ts'
import { readEnvironment } from '../src/config/environment.ts'
import { startStack } from '../src/wiring/stack.ts'
import { machine, measureInTurn, nodeScript, ratioOf, tableOf, type Contender } from './in-turn.ts'

const MIB = 2 ** 20

/**
 * `npm run bench -- upload [CUSTOMERS [REPETITIONS]]`: the files of a publication into the embedded S3 server, each fingerprinted, in parts and
 * verified on arrival, against the AWS SDK that sends the same bytes and looks at nothing.
 */
export async function benchUpload(args: readonly string[]): Promise<boolean> {
  const [customers = 1_000_000, repetitions = 5] = args.map(Number)
  const folder = mkdtempSync(join(tmpdir(), 'resegment-upload-'))
  const files = join(folder, 'files')
  mkdirSync(files)
  // Only S3 is started: the other two are called given.
  const environment = readEnvironment({ TEMPORAL_ADDRESS: '127.0.0.1:1', WAREHOUSE_URL: 'postgres://127.0.0.1:1/none' })
  const stack = await startStack({ stateFolder: join(folder, 'state'), environment })
  try {
    Object.assign(process.env, stack.overrides)
    const bytes = await makeFiles(files, customers)
    const way = (title: string, work: string): Contender => ({
      title,
      command: (repetition) => nodeScript('run-upload.ts', work, files, String(repetition)),
    })
    const ours = way('resegment', 'ours')
    const peer = way('AWS SDK, lib-storage', 'sdk')
    const measured = measureInTurn([ours, peer], repetitions)
    console.log(
      `upload, ${customers} customers, ${(bytes / MIB).toFixed(1)} MiB; ${machine()}\n\n${tableOf(measured, ours)}`,
    )
    console.log(`\nOurs ÷ SDK: ${ratioOf(measured, ours, peer)?.toFixed(2)}.`)
    return false
  } finally {
    await stack.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Memberships and reasons of customers whose ids and figures do not compress, as those of a real shop hardly do. @returns how many bytes they are */
async function makeFiles(folder: string, customers: number): Promise<number> {
  const session = await makeDuckDbEngine({ threads: 2 }).open({ scratchPath: folder })
  const figure = (n: number): string => `cast(hash(i, ${n}) >> 11 as double) / 9007199254740992e0`
  const queries = {
    memberships: `select md5(cast(i as varchar)) as customer_id, 'shop-' || (i % 8) as segment_key, ${figure(1)} as confidence,
      ${figure(2)} as distance from range(${customers}) numbers(i)`,
    reasons: `select md5(cast(i // 3 as varchar)) as customer_id, i % 3 as position, ${figure(3)} as size
      from range(${3 * customers}) numbers(i)`,
  }
  const paths: string[] = []
  for (const [name, query] of Object.entries(queries)) {
    const path = join(folder, `${name}.parquet`)
    await session.writeParquet(query, 'customer_id', path)
    paths.push(path)
  }
  await session.close()
  return paths.reduce((sum, path) => sum + statSync(path).size, 0)
}
