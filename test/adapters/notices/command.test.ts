import { mkdtemp, readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, describe, it } from 'vitest'
import { makeCommandChannel } from '../../../src/adapters/notices/command.ts'
import { heldNotice } from './notice.ts'

const send = (script: string, timeoutMs = 60_000): Promise<void> =>
  makeCommandChannel({ command: ['sh', '-c', script], timeoutMs }).send(heldNotice, AbortSignal.timeout(120_000))

describe('the command', () => {
  it('gets the notice as JSON on its standard input', async () => {
    const file = join(await mkdtemp(join(tmpdir(), 'notice-')), 'notice.json')
    await send(`cat > ${file}`)
    expect(JSON.parse(await readFile(file, 'utf8'))).toEqual(heldNotice)
  })

  it('may leave it unread', async () => {
    await send('exit 0')
  })

  it('that fails is run again; of what it said the end is kept, and little of that', async () => {
    const failed = send('for i in $(seq 1 500); do echo "line $i" >&2; done; echo the end >&2; exit 3')
    await expect(failed).rejects.toMatchObject({ type: 'NoticeUnavailable' })
    await expect(failed).rejects.toThrow(/ended with code 3: .*the end/)
    await expect(failed).rejects.toSatisfy(({ what }: { what: string }) => what.length < 400)
  })

  it('that does not end is ended, with whatever it started', async () => {
    const file = join(await mkdtemp(join(tmpdir(), 'notice-')), 'pid')
    // Its own child holds on to what it says.
    const late = send(`sleep 600 & echo $! > ${file}; wait`, 1_000)
    await expect(late).rejects.toMatchObject({
      type: 'NoticeUnavailable',
      what: expect.stringMatching(/did not end within 1 seconds/) as string,
    })
    // A shell that had no time to start it has left nothing behind.
    const pid = Number(await readFile(file, 'utf8').catch(() => '0'))
    await expect
      .poll(async () => /^State:\s*Z/m.test(await readFile(`/proc/${pid}/status`, 'utf8').catch(() => 'State: Z')), {
        timeout: 30_000,
      })
      .toBe(true)
  })

  it('that cannot be started is not tried again', async () => {
    const channel = makeCommandChannel({ command: ['/nowhere/at-all'], timeoutMs: 1_000 })
    await expect(channel.send(heldNotice, AbortSignal.timeout(60_000))).rejects.toMatchObject({
      type: 'NoticeRefused',
      what: expect.stringContaining('ENOENT') as string,
    })
  })
})
