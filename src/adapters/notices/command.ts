import { spawn } from 'node:child_process'
import { NoticeRefused } from '../../errors/notice-refused.ts'
import { NoticeUnavailable } from '../../errors/notice-unavailable.ts'
import type { NoticeChannel } from '../../ports/notice-channel.ts'

export interface CommandOptions {
  readonly command: readonly string[]
  readonly timeoutMs: number
}

/** What a program says of its failure travels with the failure: little of it, and no more than that is held. */
const MAX_SAID_CHARACTERS = 300

/** Hands notices to a program, as JSON on its standard input. */
export function makeCommandChannel({ command, timeoutMs }: CommandOptions): NoticeChannel {
  const [program, ...programArguments] = command as [string, ...string[]]
  return {
    send: (notice, signal) =>
      new Promise((done, failed) => {
        const started = spawn(program, programArguments, { stdio: ['pipe', 'ignore', 'pipe'], detached: true })
        let said = ''
        let isLate = false
        // Whatever it started goes with it.
        const stop = (): void => {
          if (started.pid !== undefined) killGroup(started.pid)
        }
        const timer = setTimeout(() => {
          isLate = true
          stop()
        }, timeoutMs)
        signal.addEventListener('abort', stop)
        const end = (): void => {
          clearTimeout(timer)
          signal.removeEventListener('abort', stop)
        }
        started.stderr.setEncoding('utf8')
        started.stderr.on('data', (text: string) => {
          said = (said + text).slice(-MAX_SAID_CHARACTERS)
        })
        // A program that reads nothing is no failure of ours.
        started.stdin.on('error', () => undefined)
        started.stdin.end(`${JSON.stringify(notice)}\n`)
        started.once('error', (error: NodeJS.ErrnoException) => {
          end()
          failed(
            new NoticeRefused(
              `The program ${program} cannot be started (${error.code ?? error.name}).`,
              'Correct command under notify: workers run it, so it must be there for each of them.',
            ),
          )
        })
        started.once('exit', (code, killedBy) => {
          end()
          if (signal.aborted) return failed(signal.reason as Error)
          if (isLate) return failed(unavailable(`did not end within ${timeoutMs / 1000} seconds`, program, said))
          if (code === 0) return done()
          failed(
            unavailable(killedBy ? `was ended by ${killedBy}` : `ended with code ${code ?? 'none'}`, program, said),
          )
        })
      }),
  }
}

function unavailable(how: string, program: string, said: string): NoticeUnavailable {
  const words = said.replaceAll(/\s+/g, ' ').trim()
  return new NoticeUnavailable(
    `The program ${program} ${how}${words ? `: ${words}` : '.'}`,
    'It is run again by itself; correct it when it goes on failing.',
  )
}

function killGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL')
  } catch {
    return // It has ended.
  }
}
