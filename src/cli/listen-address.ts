import { InvalidArgumentError } from 'commander'
import type { ListenAddress } from '../wiring/listen.ts'

/**
 * Reads `127.0.0.1:9464`, `[::1]:9464`, `:9464` (every interface) and `9464` (loopback).
 *
 * @throws InvalidArgumentError, which commander turns into wrong usage
 */
export function listenAddress(text: string): ListenAddress {
  const match = /^(?:(?<host>\[[0-9a-fA-F:.]+\]|[^:[\]\s]*):)?(?<port>\d{1,5})$/.exec(text)
  const port = Number(match?.groups?.['port'])
  if (!match?.groups || port > 65_535)
    throw new InvalidArgumentError(
      'Host and port are wanted, as 127.0.0.1:9464; :9464 listens on every interface, 9464 on loopback alone.',
    )
  const { host } = match.groups
  if (host === undefined) return { host: '127.0.0.1', port }
  return { host: host === '' ? '0.0.0.0' : host.replace(/^\[|\]$/g, ''), port }
}
