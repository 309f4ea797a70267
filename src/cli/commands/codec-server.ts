import { type Command, InvalidArgumentError } from 'commander'
import { WrongUsage } from '../../errors/wrong-usage.ts'
import { openCodecServer } from '../../wiring/codec-server.ts'
import { onTermination } from '../../wiring/with-stack.ts'
import type { ListenAddress } from '../../wiring/listen.ts'
import { act } from '../command-context.ts'
import type { CommandContext } from '../command-context.ts'
import { listenAddress } from '../listen-address.ts'

const DEFAULT_ADDRESS = '127.0.0.1:8888'

interface CodecServerOptions {
  readonly listen?: ListenAddress
  readonly origin?: readonly string[]
  readonly allowCredentials?: boolean
}

export function addCodecServer(program: Command): void {
  program
    .command('codec-server')
    .description(
      "Decrypt payloads for people who look at runs in Temporal's UI and command line, until it is stopped. Wants the payload keys, and no project.",
    )
    .option(
      '--listen <address>',
      `serve /decode and /encode there (default: ${DEFAULT_ADDRESS}); other addresses than loopback want RESEGMENT_CODEC_TOKEN`,
      listenAddress,
    )
    .option(
      '--origin <url>',
      'let pages of this Temporal UI ask; may be given several times (default: that of RESEGMENT_TEMPORAL_UI, else none)',
      (text: string, before: readonly string[] = []) => [...before, originOf(text)],
    )
    .option('--allow-credentials', 'let browsers send their cookies, for a proxy in front that goes by them')
    .action(act(serve))
}

async function serve(
  { environment, terminal }: CommandContext,
  { listen = listenAddress(DEFAULT_ADDRESS), origin, allowCredentials = false }: CodecServerOptions,
): Promise<void> {
  const { temporalUi } = environment
  const origins = origin ?? (temporalUi === undefined ? [] : [originOf(temporalUi)])
  const server = await openCodecServer(environment, {
    ...listen,
    ...{ origins, allowCredentials },
    onRefusal: (what) => terminal.complain(what),
  }).catch(explainAddress)
  onTermination(() => server.close())
  terminal.document({ address: server.address, origins })
  const pages = origins.length > 0 ? `pages of ${origins.join(', ')}` : 'no page, since no --origin was given'
  terminal.say(`Ready: http://${server.address} decrypts for commands, and for ${pages}. Ctrl-C stops.`)
  // A signal ends the process.
  await new Promise(() => {})
}

/** @throws InvalidArgumentError, which commander turns into wrong usage */
function originOf(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : null
  if (url && ['http:', 'https:'].includes(url.protocol)) return url.origin
  throw new InvalidArgumentError('The address of a Temporal UI is wanted, as https://temporal.acme.example.')
}

function explainAddress(error: unknown): never {
  const { code, syscall } = error as NodeJS.ErrnoException
  if (syscall !== 'listen' && syscall !== 'getaddrinfo') throw error
  throw new WrongUsage(`Nothing can listen there: ${code ?? 'no code'}.`, 'Choose another address for --listen.')
}
