/**
 * A set-up of its own process: finds a program with a maker that takes its time. Arguments: cache folder, milliseconds, journal.
 * The journal gets a line when a build begins and one when it ends.
 */
import { appendFileSync } from 'node:fs'
import { chmod, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { findServer } from '../../../src/adapters/embedded/server-binary.ts'
import { VERSITYGW, type Maker } from '../../../src/adapters/embedded/server-program.ts'

const [cacheFolder, milliseconds, journal] = process.argv.slice(2) as [string, string, string]
const slowly: Maker = async (program, folder) => {
  appendFileSync(journal, 'begin\n')
  const executable = join(folder, program.name)
  await writeFile(executable, '#!/bin/sh\n')
  await chmod(executable, 0o755)
  console.log('building')
  await new Promise((resolve) => setTimeout(resolve, Number(milliseconds)))
  await writeFile(executable, '#!/bin/sh\necho whole\n')
  appendFileSync(journal, 'end\n')
}
const found = await findServer(VERSITYGW, {
  cacheFolder,
  makers: [slowly],
  variables: { PATH: '' },
  signal: undefined,
  onStep: (line) => console.error(line),
})
console.log(`found ${found}`)
