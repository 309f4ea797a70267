import { createWriteStream } from 'node:fs'
import { chmod } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable, Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { MakerContext, ServerProgram } from './server-program.ts'

/** Without an answer, or without another byte, for this long we go the next way: many machines have no way out but a proxy of modules. */
const SILENCE_MS = 6_000

/** Fetches the official build. A machine without a way out loses a few seconds. */
export async function downloadProgram(program: ServerProgram, folder: string, context: MakerContext): Promise<void> {
  const address = program.download?.(process.platform, process.arch)
  if (!address) throw new Error('There is no official download for this system.')
  // Needed once a machine: every command would load its hundred files.
  const { execa } = await import('execa')
  const silence = new AbortController()
  let timer = setTimeout(() => silence.abort(), SILENCE_MS)
  const signal = context.signal ? AbortSignal.any([silence.signal, context.signal]) : silence.signal
  const archive = join(folder, 'archive.tar.gz')
  try {
    const response = await fetch(address, { signal })
    if (!response.ok || !response.body) throw new Error(`status ${response.status}`)
    context.onStep(`Downloading ${program.title} (${program.name} ${program.version}) from ${new URL(address).host}.`)
    const watch = new Transform({
      transform(chunk, _encoding, done) {
        clearTimeout(timer)
        timer = setTimeout(() => silence.abort(), SILENCE_MS)
        done(null, chunk)
      },
    })
    await pipeline(Readable.fromWeb(response.body), watch, createWriteStream(archive), { signal })
    await execa('tar', ['-xzf', archive, '-C', folder, program.name])
    const executable = join(folder, program.name)
    await chmod(executable, 0o755)
    await execa(executable, ['--version'], { timeout: 30_000 })
  } catch (error) {
    const reason = silence.signal.aborted ? `no answer in ${SILENCE_MS / 1000} s` : messageOf(error)
    throw new Error(`The official download (${new URL(address).host}) did not work: ${reason}.`, { cause: error })
  } finally {
    clearTimeout(timer)
  }
}

function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  // fetch says only "fetch failed" and keeps the reason below.
  return error.cause instanceof Error ? error.cause.message : error.message
}
