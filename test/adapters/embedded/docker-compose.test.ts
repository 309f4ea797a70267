import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { VERSITYGW } from '../../../src/adapters/embedded/server-program.ts'

interface Service {
  readonly image: string
  readonly ports?: readonly string[]
  readonly healthcheck?: { readonly test: readonly string[] }
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>
}

const root = join(import.meta.dirname, '..', '..', '..')
const compose = parse(await readFile(join(root, 'docker-compose.yml'), 'utf8'), { merge: true }) as {
  services: Record<string, Service>
}
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

  it('opens ports on loopback only', () => {
    const ports = services.flatMap(([, service]) => service.ports ?? [])
    expect(ports).toHaveLength(4)
    for (const port of ports) expect(port).toMatch(/^127\.0\.0\.1:\d+:\d+$/)
  })

  it('runs our worker on the Node of package.json', async () => {
    const { devDependencies } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as {
      devDependencies: { node: string }
    }
    const bases = [...(await readFile(join(root, 'Dockerfile'), 'utf8')).matchAll(/^FROM (\S+)/gm)].map(
      (match) => match[1],
    )
    expect(new Set(bases)).toEqual(new Set([`node:${devDependencies.node}-trixie-slim`]))
  })
})
