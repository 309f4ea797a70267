import type { AddressInfo } from 'node:net'
import { SMTPServer } from 'smtp-server'

/** A mail server that lets in whoever has its password, offers no encryption, and answers as it is told. */
export class MailServer {
  /** What it got: envelopes and mails as they came. */
  readonly mails: { readonly from: string; readonly to: readonly string[]; readonly text: string }[] = []
  /** What it answers to the next receivers; undefined: it takes them. */
  answer: number | undefined
  private readonly server: SMTPServer

  private constructor(wanted: string) {
    this.server = new SMTPServer({
      authOptional: true,
      allowInsecureAuth: true,
      disabledCommands: ['STARTTLS'],
      onAuth: ({ username, password }, _session, done) =>
        password === wanted ? done(null, { user: username }) : done(refusal(535)),
      onRcptTo: (_address, _session, done) => done(this.answer === undefined ? null : refusal(this.answer)),
      onData: (stream, { envelope: { mailFrom, rcptTo } }, done) => {
        const chunks: Buffer[] = []
        stream.on('data', (chunk: Buffer) => chunks.push(chunk))
        stream.on('end', () => {
          this.mails.push({
            from: mailFrom === false ? '' : mailFrom.address,
            to: rcptTo.map(({ address }) => address),
            text: Buffer.concat(chunks).toString(),
          })
          done()
        })
      },
    })
  }

  static async open(password = 'right'): Promise<MailServer> {
    const receiver = new MailServer(password)
    await new Promise<void>((done) => receiver.server.listen(0, '127.0.0.1', done))
    return receiver
  }

  get port(): number {
    return (this.server.server.address() as AddressInfo).port
  }

  close(): Promise<void> {
    return new Promise((done) => this.server.close(done))
  }
}

function refusal(responseCode: number): Error {
  return Object.assign(new Error('No.'), { responseCode })
}
