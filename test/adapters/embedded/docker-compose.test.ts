import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { execa } from 'execa'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { VERSITYGW } from '../../../src/adapters/embedded/server-program.ts'
import { serveHealth } from '../../../src/workers/health-server.ts'

interface Service {
  readonly image: string
  readonly command: readonly string[]
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

  it('asks the worker whether it lives and polls, as the image does', async () => {
    const dockerfile = await readFile(join(root, 'Dockerfile'), 'utf8')
    const ofImage = JSON.parse(/^HEALTHCHECK .*\\\n {2}CMD (\[.*\])$/m.exec(dockerfile)![1]!) as string[]
    const [, ...ofService] = compose.services.worker!.healthcheck!.test
    expect(compose.services.worker!.command.slice(-2)).toEqual(['--health', ':8080'])
    expect(JSON.parse(/^CMD (\[.*\])$/m.exec(dockerfile)![1]!)).toEqual(['worker', '--health', ':8080'])
    const problems: string[] = []
    const told = await serveHealth({ host: '127.0.0.1', port: 0 }, { alive: () => undefined, ready: () => problems[0] })
    const ask = ([program, ...args]: readonly string[], port: string): Promise<number | undefined> =>
      execa(
        program!,
        args.map((arg) => arg.replace(':8080', port)),
        { reject: false },
      ).then(({ exitCode }) => exitCode)
    const port = /:\d+$/.exec(told.address)![0]
    expect([await ask(ofImage, port), await ask(ofService, port)]).toEqual([0, 0])
    problems.push('It does not poll.')
    expect([await ask(ofImage, port), await ask(ofService, port)]).toEqual([0, 1])
    await told.close()
    expect([await ask(ofImage, port), await ask(ofService, port)]).toEqual([1, 1])
  })
})
