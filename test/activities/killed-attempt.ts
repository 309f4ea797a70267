import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Disturbance } from './disturbed-stories.ts'
import type { Prepared, Try } from './publishing-stories.ts'

/** An attempt in a process of its own, and what kills that with SIGKILL. */
export function makeKilledAttempt(): { readonly attempt: (made: Prepared) => Try; readonly disturbance: Disturbance } {
  let child: ChildProcess | undefined
  return {
    attempt:
      ({ candidate }) =>
      async (place) => {
        const folder = await mkdtemp(join(tmpdir(), 'resegment-killed-'))
        const file = join(folder, 'attempt.json')
        await writeFile(file, JSON.stringify({ place, candidate }))
        const path = join(import.meta.dirname, 'publish-attempt.child.ts')
        child = spawn(process.execPath, [path, file], { stdio: ['ignore', 'ignore', 'inherit'] })
        const [code, signal] = (await once(child, 'exit')) as [number | null, NodeJS.Signals | null]
        await rm(folder, { recursive: true, force: true })
        if (signal !== 'SIGKILL') throw new Error(`The attempt ended by itself with ${code}.`)
      },
    async disturbance() {
      const ended = once(child!, 'exit')
      child!.kill('SIGKILL')
      await ended
      return 'cut' as const
    },
  }
}
