import { mkdtempSync, writeFileSync } from 'node:fs'
import { once } from 'node:events'
import { type AddressInfo, connect, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createServer, type Server } from 'node:tls'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { connectTemporal } from '../../src/client/connect.ts'
import { openShop } from '../e2e/shop.ts'
import { useStack } from '../use-stack.ts'
import { certify, type Identity } from './certificates.ts'

const NAMESPACE = 'acme-behind-tls'
const folder = mkdtempSync(join(tmpdir(), 'resegment-tls-'))
const sockets = new Set<Socket>()
let proxy: Server

/** A profile as Temporal's own tools read it. @returns the variables that choose it */
function profile(name: string, { crt, key }: Identity, authority: Identity): Record<string, string> {
  const write = (kind: string, text: string): string => {
    const path = join(folder, `${name}.${kind}`)
    writeFileSync(path, text)
    return path
  }
  const { port } = proxy.address() as AddressInfo
  const config = write(
    'toml',
    `[profile.${name}]
address = "localhost:${port}"
namespace = "${NAMESPACE}"
[profile.${name}.tls]
client_cert_path = "${write('pem', crt)}"
client_key_path = "${write('key', key)}"
server_ca_cert_path = "${write('ca', authority.crt)}"
`,
  )
  return { TEMPORAL_CONFIG_FILE: config, TEMPORAL_PROFILE: name }
}

let authority: Identity
let client: Identity

beforeAll(async () => {
  const address = (await useStack()).endpoints.temporal
  authority = await certify('authority')
  client = await certify('client', authority)
  const server = await certify('localhost', authority)
  const [host, port] = address.split(':')
  proxy = createServer(
    { cert: server.crt, key: server.key, ca: authority.crt, requestCert: true, ALPNProtocols: ['h2'] },
    (secure) => {
      const plain = connect(Number(port), host)
      for (const one of [secure, plain]) {
        sockets.add(one)
        one.on('error', () => {
          secure.destroy()
          plain.destroy()
        })
      }
      secure.pipe(plain).pipe(secure)
    },
  )
  proxy.listen(0)
  await once(proxy, 'listening')
  const access = await connectTemporal({ TEMPORAL_ADDRESS: address })
  await access.client.workflowService
    .registerNamespace({ namespace: NAMESPACE, workflowExecutionRetentionPeriod: { seconds: 86_400 as never } })
    .finally(() => access.close())
})
afterAll(() => {
  for (const socket of sockets) socket.destroy()
  proxy.close()
})

it('a profile with a client certificate leads to its namespace behind mutual TLS', async () => {
  const access = await connectTemporal(profile('right', client, authority))
  try {
    expect(access.namespace).toBe(NAMESPACE)
    // A namespace that was just registered takes a moment to be known everywhere.
    await vi.waitFor(
      async () => {
        const { namespaceInfo } = await access.client.workflowService.describeNamespace({ namespace: access.namespace })
        expect(namespaceInfo?.name).toBe(NAMESPACE)
      },
      { timeout: 60_000, interval: 500 },
    )
  } finally {
    await access.close()
  }
})

it('a run goes through mutual TLS and a namespace of its own from the worker to the command', async () => {
  // Only what the profile says of Temporal.
  const others = Object.entries((await useStack()).overrides).filter(([name]) => !name.startsWith('TEMPORAL_'))
  const project = await openShop('tls', {
    customers: 200,
    servers: { ...Object.fromEntries(others), ...profile('worker', client, authority) },
  })
  try {
    await project.startWorker()
    const { workflowId, status } = await project.run(['shop', '--as-of', '2026-10-01'])
    expect(status).toBe('published')
    const access = await connectTemporal({
      TEMPORAL_ADDRESS: (await useStack()).endpoints.temporal,
      TEMPORAL_NAMESPACE: NAMESPACE,
    })
    const { status: seen } = await access.client.workflow.getHandle(workflowId).describe()
    await access.close()
    expect(seen.name).toBe('COMPLETED')
    const stranger = await certify('stranger')
    await expect(project.startWorker(profile('refused', await certify('client', stranger), authority))).rejects.toThrow(
      /TLS to Temporal at localhost:\d+ fails: .* Check the certificate/s,
    )
  } finally {
    await project.close()
  }
})

it('a certificate that the server does not know, and a server that the profile does not know, are told apart', async () => {
  const stranger = await certify('stranger')
  await expect(connectTemporal(profile('unknown', await certify('client', stranger), authority))).rejects.toThrow(
    /TLS to Temporal at localhost:\d+ fails: .*(unknown ca|a certificate that it does not know).* Check the certificate/s,
  )
  await expect(connectTemporal(profile('doubting', client, stranger))).rejects.toThrow(
    /TLS to Temporal at localhost:\d+ fails: (unable to verify|self-signed certificate).* Check the certificate/s,
  )
})
