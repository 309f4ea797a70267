import { describe, expect, it } from 'vitest'
import { listenAddress } from '../../src/cli/listen-address.ts'

describe('an address to listen on', () => {
  it.each([
    ['9464', { host: '127.0.0.1', port: 9464 }],
    [':9464', { host: '0.0.0.0', port: 9464 }],
    ['10.0.0.7:80', { host: '10.0.0.7', port: 80 }],
    ['localhost:0', { host: 'localhost', port: 0 }],
    ['[::1]:9464', { host: '::1', port: 9464 }],
  ])('%s is understood', (text, address) => expect(listenAddress(text)).toEqual(address))

  it.each(['', 'metrics', '127.0.0.1', '::1:9464', ':65536', 'host:80:90', 'a host:80'])('%j is refused', (text) =>
    expect(() => listenAddress(text)).toThrow('Host and port are wanted'),
  )
})
