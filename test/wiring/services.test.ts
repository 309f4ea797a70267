import { afterAll, describe, expect, it } from 'vitest'
import { readEnvironment } from '../../src/config/environment.ts'
import type { Definition } from '../../src/plan/definition.ts'
import { makeServices, type OpenServices } from '../../src/wiring/services.ts'
import { makeDefinition } from '../workflows/definition.ts'

const opened: OpenServices[] = []
afterAll(() => Promise.all(opened.map((services) => services.close())))

function servicesWith(variables: Record<string, string>): OpenServices {
  const services = makeServices(readEnvironment({ WAREHOUSE_URL: 'postgres://u:p@127.0.0.1:1/w', ...variables }))
  opened.push(services)
  return services
}

const plain = makeDefinition()
const withFiles: Definition = {
  ...plain,
  connections: { ...plain.connections, lake: { s3: { bucket: 'acme-segments', region: 'eu-central-1' } } },
  pipeline: { ...plain.pipeline, publish: { ...plain.pipeline.publish, s3: 'lake' } },
}
const address = {
  pipeline: 'shop',
  runKey: 'shop@2026-10-01',
  revision: 1,
  stage: 'extract',
  inputDigest: '0123456789abcdef0123',
} as const

describe('services', () => {
  it('keep artifacts in a bucket beside the published one, unless RESEGMENT_STORE says where', () => {
    const uriOf = (variables: Record<string, string>, definition: Definition): string =>
      servicesWith(variables).store(definition).artifactUri('dev/', address)
    const path = 'dev/shop/shop@2026-10-01~1/extract-0123456789abcdef'
    expect(uriOf({}, withFiles)).toBe(`s3://acme-segments-artifacts/${path}`)
    expect(uriOf({ RESEGMENT_STORE: 's3://other/deep/folder/' }, withFiles)).toBe(`s3://other/deep/folder/${path}`)
    expect(uriOf({ RESEGMENT_STORE: 'file:///srv/artifacts' }, plain)).toBe(`file:///srv/artifacts/${path}`)
  })

  it('ask for RESEGMENT_STORE when nothing says where artifacts go, and quote one that is none', () => {
    expect(() => servicesWith({}).store(plain)).toThrow(/RESEGMENT_STORE/)
    expect(() => servicesWith({ RESEGMENT_STORE: '/srv/artifacts' }).store(plain)).toThrow('"/srv/artifacts"')
  })

  it('open each address once', () => {
    const services = servicesWith({})
    expect(services.ledger(plain)).toBe(services.ledger({ ...plain }))
    expect(services.store(withFiles)).toBe(services.store({ ...withFiles }))
    const elsewhere = { ...plain, target: { ...plain.target, schema: 'other' } }
    expect(services.ledger(elsewhere)).not.toBe(services.ledger(plain))
    expect(services.objects(plain)).toBeUndefined()
    expect(services.objects(withFiles)).toBe(services.objects(withFiles))
  })

  it('name a connection that the definition lacks, and a secret that is not set', () => {
    const services = servicesWith({})
    expect(() => services.ledger({ ...plain, connections: {} })).toThrow('"warehouse"')
    const other = {
      ...plain,
      connections: { warehouse: { postgres: { secret: 'NOT_SET_ANYWHERE' }, maxParallel: 2, statementTimeout: '30m' } },
    }
    expect(() => services.ledger(other)).toThrow('NOT_SET_ANYWHERE')
  })
})
