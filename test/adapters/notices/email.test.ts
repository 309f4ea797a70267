import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { makeEmailChannel } from '../../../src/adapters/notices/email.ts'
import { MailServer } from './mail-server.ts'
import { heldNotice } from './notice.ts'

let server: MailServer
beforeAll(async () => {
  server = await MailServer.open()
})
afterAll(() => server.close())
beforeEach(() => {
  server.mails.length = 0
  server.answer = undefined
})

const send = (options: object = {}): Promise<void> =>
  makeEmailChannel({
    url: `smtp://ada:right@127.0.0.1:${server.port}`,
    from: 'Segments <segments@acme.example>',
    to: ['ada@acme.example', 'bob@acme.example'],
    allowPlain: true,
    ...options,
  }).send(heldNotice, AbortSignal.timeout(60_000))

/** Undoes what mail does to long lines and other letters (RFC 2045, quoted-printable). */
const decoded = (text: string): string =>
  Buffer.from(
    text
      .replaceAll(/=\r?\n/g, '')
      .replaceAll(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(parseInt(hex, 16))),
    'latin1',
  ).toString('utf8')

describe('the mail', () => {
  it('goes to all receivers, as plain text and as a small page, commands as they are typed', async () => {
    await send()
    const [mail] = server.mails as [(typeof server.mails)[0]]
    expect(mail).toMatchObject({ from: 'segments@acme.example', to: ['ada@acme.example', 'bob@acme.example'] })
    const text = decoded(mail.text)
    expect(text).toContain('Subject: [prod] shop@2026-10-01~1 waits for a decision')
    expect(text).toContain('Most go from “Lapsed & <lost>” to “Champions”: 36.')
    expect(text).toContain('    resegment approve shop@2026-10-01~1 --target prod --reason "…"')
    expect(text).toContain('<p>Most go from “Lapsed &amp; &lt;lost&gt;” to “Champions”: 36.</p>')
    expect(text).toContain('<a href="https://temporal.example/namespaces/default/workflows/a%2Fb/c">')
  })

  it('has the same id when it is sent again: mail programs show it once', async () => {
    await send()
    await send()
    const ids = server.mails.map(({ text }) => /^Message-ID: (.+)$/im.exec(text)?.[1])
    expect(ids[0]).toMatch(/@resegment>/)
    expect(ids[1]).toBe(ids[0])
  })

  it.each([
    ['a busy server', 451, 'NoticeUnavailable'],
    ['a server that knows no such receiver', 550, 'NoticeRefused'],
  ])('that %s does not take is tried again or not, as its number says', async (_, code, type) => {
    server.answer = code
    await expect(send()).rejects.toMatchObject({ type, what: expect.stringContaining(String(code)) as string })
  })

  it('is not sent with a wrong password, nor in the clear unless that is meant; the password is never quoted', async () => {
    const failed = send({ url: `smtp://ada:unmistakable@127.0.0.1:${server.port}` })
    await expect(failed).rejects.toMatchObject({ type: 'NoticeRefused' })
    await expect(failed).rejects.toThrow(expect.not.stringMatching(/unmistakable/) as Error)
    await expect(send({ allowPlain: false })).rejects.toMatchObject({
      type: 'NoticeRefused',
      remedy: expect.stringMatching(/allowPlain/) as string,
    })
    expect(server.mails).toEqual([])
  })

  it('waits for a server that is not there', async () => {
    await expect(send({ url: 'smtp://127.0.0.1:1' })).rejects.toMatchObject({ type: 'NoticeUnavailable' })
  })
})
