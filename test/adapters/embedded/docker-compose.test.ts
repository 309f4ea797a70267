import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { execa } from 'execa'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { VERSITYGW } from '../../../src/adapters/embedded/server-program.ts'
import { serveHealth } from '../../../src/workers/health-server.ts'

interface Service {
  readonly image: string
  readonly ports?: readonly string[]
  readonly command?: readonly string[]
  readonly healthcheck?: { readonly test: readonly string[] }
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>
}

const root = join(import.meta.dirname, '..', '..', '..')
const compose = parse(await readFile(join(root, 'docker-compose.yml'), 'utf8'), { merge: true }) as {
  services: Record<string, Service>
}
const dockerfile = await readFile(join(root, 'Dockerfile'), 'utf8')
const services = Object.entries(compose.services)

describe('docker-compose.yml', () => {
  it('has the three servers, a UI and our worker', () => {
    expect(Object.keys(compose.services)).toEqual(
      expect.arrayContaining(['temporal', 'temporal-postgres', 'temporal-ui', 'warehouse', 's3', 'worker']),
    )
  })

  it('pins every image to a version with a patch or minor number', () => {
    for (const [name, { image }] of services) expect(`${name} ${image}`).toMatch(/:v?\d+\.\d+(\.\d+)?$/)
    expect(compose.services.s3!.image).toBe(`versity/versitygw:v${VERSITYGW.version}`)
  })

  it('checks the health of every service that keeps running', () => {
    const dependencies = services.flatMap(([, service]) => Object.entries(service.depends_on ?? {}))
    const ending = dependencies.filter(([, { condition }]) => condition === 'service_completed_successfully')
    const endingNames = new Set(ending.map(([name]) => name))
    expect([...endingNames].sort()).toEqual(['migrate', 'temporal-namespace', 'temporal-schema'])
    for (const [name, { healthcheck }] of services)
      expect(`${name} ${healthcheck ? 'is checked' : 'ends'}`).toBe(
        `${name} ${endingNames.has(name) ? 'ends' : 'is checked'}`,
      )
    for (const [name, { condition }] of dependencies)
      if (condition === 'service_healthy') expect(compose.services[name]!.healthcheck).toBeDefined()
  })

  it.each(['200', '503'])(
    'asks the worker itself whether it lives, in compose and in the image: %s',
    async (status) => {
      const { command, healthcheck } = compose.services.worker!
      const [, inImage] = /^HEALTHCHECK .*\n\s*CMD (\[.*\])$/m.exec(dockerfile)!
      expect(healthcheck!.test.slice(1)).toEqual(JSON.parse(inImage!))
      const [, started] = /^CMD (\[.*\])$/m.exec(dockerfile)!
      for (const words of [command!, JSON.parse(started!) as string[]])
        expect(words.join(' ')).toMatch(/^worker .*--health 127\.0\.0\.1:8080$|^worker --health 127\.0\.0\.1:8080$/)

      // The program as it stands there, asked of a worker on another port.
      const problem = status === '200' ? undefined : 'The main thread stood still.'
      const server = await serveHealth({ host: '127.0.0.1', port: 0 }, { alive: () => problem, ready: () => undefined })
      const [, , , program] = healthcheck!.test
      const { exitCode } = await execa(
        process.execPath,
        ['--eval', program!.replace('127.0.0.1:8080', server.address)],
        { reject: false },
      )
      await server.close()
      expect(exitCode).toBe(status === '200' ? 0 : 1)
    },
  )

  it('opens ports on loopback only', () => {
    const ports = services.flatMap(([, service]) => service.ports ?? [])
    expect(ports).toHaveLength(4)
    for (const port of ports) expect(port).toMatch(/^127\.0\.0\.1:\d+:\d+$/)
  })

  it('runs our worker on the Node of package.json', async () => {
    const { devDependencies } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as {
      devDependencies: { node: string }
    }
    const bases = [...dockerfile.matchAll(/^FROM (\S+)/gm)].map((match) => match[1])
    expect(new Set(bases)).toEqual(new Set([`node:${devDependencies.node}-trixie-slim`]))
  })
})
