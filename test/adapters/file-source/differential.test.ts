import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { makeFileReader } from '../../../src/adapters/file-source/file-reader.ts'
import { engine, fileSource, readAll, writeIn } from './read-file.ts'
import { propertyRuns } from '../../property-runs.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'resegment-differential-'))
})
/** Interrupted after its time, the last comparison still goes on. */
let last: Promise<void> = Promise.resolve()
afterAll(async () => {
  await last.catch(() => undefined)
  await rm(folder, { recursive: true, force: true })
})

/** Everything a record may be broken by, in files that mix it and in files that keep to one line break. */
const [plain, quoted] = [
  ['a', 'b', ',', ',', '\n', '\n', ' ', 'ä'],
  ['"', '""', '"a"', '"b,c"', '"x\ny"', '"x\r\ny"'],
]
const bytes = (texts: readonly string[]) => texts.map((text) => Buffer.from(text))
const foul = [Buffer.from('\r'), Buffer.from('\r\n'), Buffer.of(0), Buffer.of(0xff)]
const files = fc
  .tuple(
    fc.constantFrom('p,q', 'p'),
    fc.constantFrom('\n', '\r\n'),
    fc.oneof(
      fc.array(fc.constantFrom(...bytes([...plain!, ...quoted!])), { maxLength: 40 }),
      fc.array(fc.constantFrom(...bytes(['a', 'b', ',', '"', '"a"', '"b,c"', '\r\n', '\r\n'])), { maxLength: 40 }),
      fc.array(fc.constantFrom(...bytes([...plain!, ...quoted!]), ...foul), { maxLength: 40 }),
    ),
  )
  .map(([header, lineBreak, parts]) => Buffer.concat([Buffer.from(header + lineBreak), ...parts]))

// Two parsers that share nothing beyond where records end: the engine's over the prepared file, and the splitting of records for a sample.
it('splits any text file as the engine does, and sets the same records apart', { timeout: 300_000 }, async () => {
  const seed = Date.now() % 2 ** 31
  console.info(`Differential files of seed ${seed}.`)
  const compare = async (content: Buffer): Promise<void> => {
    writeIn(folder, 'lines.csv', content)
    const given = fileSource('lines.csv')
    const read = await readAll(folder, given)
    const view = await makeFileReader({ engine, projectFolder: folder }).open()
    try {
      const names = Object.keys(await view.describe(given, 'lines'))
      const sample = await view.sample(given, 'lines', 1_000_000)
      expect(read.rows.map((row) => names.map((name) => row[name]))).toEqual(sample.rows)
      expect([read.rows.length, read.unreadable.length]).toEqual([read.deliveredRows, read.unreadableCount])
      expect(read.unreadable.map(({ line }) => Number(line))).toEqual(sample.unreadable.map(({ line }) => line))
    } finally {
      await view.close()
    }
  }
  const property = fc.asyncProperty(files, (content) => (last = compare(content)))
  await fc.assert(property, {
    seed,
    numRuns: propertyRuns(80),
    interruptAfterTimeLimit: propertyRuns(15_000),
    markInterruptAsFailure: false,
  })
})
