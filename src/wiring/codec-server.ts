import { makePayloadCodec } from '../adapters/payload-codec/payload-codec.ts'
import { answerByCodec, type CodecServerOptions } from '../adapters/payload-codec/answer-by-codec.ts'
import type { Environment } from '../config/environment.ts'
import { ConfigInvalid } from '../errors/config-invalid.ts'
import { listen, type ListenAddress, type Listening } from './listen.ts'

const FEWEST_CHARACTERS = 20

/**
 * Serves the payload keys of the environment.
 *
 * @throws ConfigInvalid without a key, with a token that could be guessed, or without one where others could ask
 */
export function openCodecServer(
  environment: Environment,
  { host, port, ...options }: Omit<CodecServerOptions, 'codec' | 'token'> & ListenAddress,
): Promise<Listening> {
  const keys = environment.payloadKeys()
  const token = environment.codecToken()
  if (keys.length === 0)
    throw new ConfigInvalid(
      'There is no payload key: nothing was encrypted that could be read.',
      'Give RESEGMENT_PAYLOAD_KEYS what the workers have.',
    )
  if (token !== undefined && token.length < FEWEST_CHARACTERS)
    throw new ConfigInvalid(
      `RESEGMENT_CODEC_TOKEN has ${token.length} characters; wanted are at least ${FEWEST_CHARACTERS}.`,
      'Make one by `openssl rand -hex 32`.',
    )
  if (token === undefined && !isLoopback(host))
    throw new ConfigInvalid(
      `A codec server at ${host} would decrypt histories for everybody who reaches it.`,
      'Set RESEGMENT_CODEC_TOKEN (`openssl rand -hex 32`), which who asks has to give; or listen on 127.0.0.1.',
    )
  return listen(answerByCodec({ ...options, codec: makePayloadCodec(keys), token }), { host, port })
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(?:\.\d{1,3}){3}$/.test(host)
}
