import { randomUUID } from 'node:crypto'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { lookAtFreshness, whyStale } from '../../src/cli/health/freshness.ts'
import { look } from '../../src/cli/health/look.ts'
import { lookAtKeys, lookAtMachine, machineChecks } from '../../src/cli/health/machine.ts'
import { lookAtStore } from '../../src/cli/health/store.ts'
import { lookAtTemporal } from '../../src/cli/health/temporal.ts'
import { lookAtWarehouse } from '../../src/cli/health/warehouse.ts'
import { connectTemporal } from '../../src/client/connect.ts'
import { readEnvironment } from '../../src/config/environment.ts'
import type { Definition } from '../../src/plan/definition.ts'
import type { HealthCheck } from '../../src/report/health-report.ts'
import { openFreshSchema, type FreshSchema } from '../adapters/warehouse/fresh-schema.ts'
import { useStack } from '../use-stack.ts'
import { makeDefinition } from '../workflows/definition.ts'

/** Nobody listens there. */
const NOBODY = '127.0.0.1:1'
const GIB = 1024 ** 3

describe('doctor', () => {
  let variables: Readonly<Record<string, string>>
  beforeAll(async () => {
    variables = (await useStack()).overrides
  })

  const environment = (more: Readonly<Record<string, string>> = {}) => readEnvironment({ ...variables, ...more })
  const named = (checks: readonly HealthCheck[], name: string): readonly string[] =>
    checks.filter((check) => check.name === name).map(({ outcome, message }) => `${outcome}: ${message}`)

  describe('of Temporal', () => {
    it('says which queue nobody serves, and that histories are kept long enough', async () => {
      const target = `d${randomUUID().slice(0, 8)}`
      const checks = await lookAtTemporal(environment(), target)
      expect(named(checks, 'temporal')[0]).toMatch(/^ok: server \d+\.\d+/)
      expect(named(checks, 'temporal updates')).toEqual(['ok: held runs can be decided'])
      expect(named(checks, 'retention')[0]).toMatch(/^ok: /)
      expect(named(checks, 'workers')).toEqual(
        ['workflow', 'io', 'compute'].map((kind) => `warning: none serves resegment-${target}-${kind}`),
      )
    })

    it('finds a namespace that forgets soon and has no search attributes', async () => {
      const namespace = `doctor-${randomUUID().slice(0, 8)}`
      const access = await connectTemporal(environment().variables)
      await access.client.workflowService.registerNamespace({
        namespace,
        workflowExecutionRetentionPeriod: { seconds: 86_400 as never },
      })
      await access.close()
      await expect
        .poll(
          async () => named(await lookAtTemporal(environment({ TEMPORAL_NAMESPACE: namespace }), 'dev'), 'retention'),
          {
            timeout: 120_000,
          },
        )
        .toEqual([expect.stringMatching(/^warning: histories are kept for 1 days/)])
      const checks = await lookAtTemporal(environment({ TEMPORAL_NAMESPACE: namespace }), 'dev')
      expect(named(checks, 'search attributes')[0]).toMatch(/^problem: missing: ResegmentPipeline/)
    })

    it('tells that it is down, with a remedy', async () => {
      const [check] = await lookAtTemporal(environment({ TEMPORAL_ADDRESS: NOBODY }), 'dev')
      expect(check).toMatchObject({ name: 'temporal', outcome: 'problem' })
      expect(check!.remedy).toContain('TEMPORAL_ADDRESS')
    })
  })

  describe('of the warehouse', () => {
    let schema: FreshSchema
    beforeAll(async () => {
      schema = await openFreshSchema()
    })
    afterAll(() => schema.close())
    const address = () => ({ secret: 'WAREHOUSE_URL', schema: schema.schema })

    it('finds nothing to say of one that is as it should be', async () => {
      const checks = await lookAtWarehouse(environment(), address())
      expect(checks.filter(({ outcome }) => outcome !== 'ok')).toEqual([])
      expect(named(checks, 'warehouse pooler')).toEqual(['ok: none in between'])
    })

    it('finds a schema that was never migrated', async () => {
      const checks = await lookAtWarehouse(environment(), { ...address(), schema: 'never_migrated' })
      expect(named(checks, 'warehouse')[0]).toMatch(/^ok: Postgres \d+/)
      expect(named(checks, 'warehouse schema')[0]).toMatch(/^problem: Schema never_migrated .* has no tables/)
    })

    it('names what its user may not do that publishing takes', async () => {
      const role = `looker_${randomUUID().slice(0, 8)}`
      await schema.query(`create role ${role} login password 'looker'`)
      await schema.query(`grant usage on schema "${schema.schema}" to ${role}`)
      await schema.query(`grant select on all tables in schema "${schema.schema}" to ${role}`)
      const url = new URL(variables.WAREHOUSE_URL!)
      ;[url.username, url.password] = [role, 'looker']
      const checks = await lookAtWarehouse(environment({ WAREHOUSE_URL: url.href }), address())
      await schema.query(`drop owned by ${role}`)
      await schema.query(`drop role ${role}`)
      expect(named(checks, 'warehouse rights')[0]).toContain(`problem: ${role} may not: create in schema`)
    })

    it('finds a view that is not as consumers were told', async () => {
      await schema.query('drop view audiences cascade')
      const checks = await lookAtWarehouse(environment(), address())
      expect(named(checks, 'warehouse contract')[0]).toContain('problem: view audience')
    })

    it('tells that it is down, with a remedy and without its password', async () => {
      const checks = await lookAtWarehouse(
        environment({ WAREHOUSE_URL: `postgres://ada:hidden@${NOBODY}/shop` }),
        address(),
      )
      expect(checks).toMatchObject([{ name: 'warehouse', outcome: 'problem' }])
      expect(JSON.stringify(checks)).not.toContain('hidden')
    })
  })

  describe('of buckets', () => {
    let server: Server
    let answers: (request: { readonly method: string; readonly url: string }) => string
    let endpoint: string
    beforeAll(async () => {
      // A server that takes everything: no condition, no checksum is looked at, and its clock is wrong.
      server = createServer((request, response) => {
        const { method = '', url = '' } = request
        request.resume().on('end', () => {
          response.setHeader('date', new Date(Date.now() - 3_600_000).toUTCString())
          response.setHeader('etag', '"e"')
          response.end(answers({ method, url }))
        })
      })
      await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
      endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    })
    afterAll(() => new Promise((done) => server.close(done)))
    const definition = (): Definition => {
      const made = makeDefinition({})
      const lake = { s3: { bucket: `doctor-${randomUUID().slice(0, 8)}`, region: 'us-east-1' } }
      const publish = { ...made.pipeline.publish, s3: 'lake' }
      return { ...made, connections: { ...made.connections, lake }, pipeline: { ...made.pipeline, publish } }
    }

    it('honours one that keeps its conditions, and leaves nothing there', async () => {
      const checks = await lookAtStore(environment(), definition())
      expect(checks.filter(({ outcome }) => outcome === 'problem')).toEqual([])
      expect(named(checks, 'bucket writes')).toHaveLength(2)
    })

    it('finds one that ignores conditions and checksums, keeps versions and locks objects, by a wrong clock', async () => {
      answers = ({ url }) => {
        if (url.includes('versioning'))
          return '<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>'
        if (url.includes('object-lock'))
          return '<ObjectLockConfiguration><ObjectLockEnabled>Enabled</ObjectLockEnabled><Rule><DefaultRetention><Mode>COMPLIANCE</Mode><Days>30</Days></DefaultRetention></Rule></ObjectLockConfiguration>'
        return ''
      }
      const checks = await lookAtStore(environment({ S3_ENDPOINT: endpoint }), definition())
      expect(named(checks, 'bucket writes')[0]).toContain('problem: ')
      expect(named(checks, 'bucket checksums')[0]).toContain('warning: ')
      expect(named(checks, 'bucket erasure')[0]).toMatch(/^problem: .* locks every object \(30 days, COMPLIANCE\)/)
      expect(named(checks, 'clock of S3')[0]).toMatch(/^problem: 3\d\d\d s behind/)
      answers = ({ url }) =>
        url.includes('versioning') ? '<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>' : ''
      const versioned = await lookAtStore(environment({ S3_ENDPOINT: endpoint }), definition())
      expect(named(versioned, 'bucket erasure')[0]).toMatch(/^warning: .* keeps versions/)
    })

    it('tells of each look that it is down', async () => {
      const checks = await lookAtStore(environment({ S3_ENDPOINT: `http://${NOBODY}` }), definition())
      expect(checks.map(({ name, outcome }) => `${name} ${outcome}`)).toEqual([
        'artifact store problem',
        'buckets problem',
        'clock of S3 warning',
      ])
    })
  })

  describe('of pipelines', () => {
    const { pipeline } = makeDefinition({})
    const now = Date.parse('2026-11-22T12:00:00Z')

    it('tells what is out of date: by what its run said, else by the last period of its schedule', () => {
      const of = (asOf: string | null, staleAfter: string | null) => whyStale({ pipeline }, { asOf, staleAfter }, now)
      expect(of('2026-10-01T00:00:00Z', null)).toBeNull()
      expect(of('2026-07-01T00:00:00Z', null)).toContain('though a period ended at 2026-09-30')
      expect(of('2026-10-01T00:00:00Z', '2026-11-01T00:00:00Z')).toContain('stale since 2026-11-01')
      expect(of('2026-07-01T00:00:00Z', '2027-01-01T00:00:00Z')).toBeNull()
      expect(of(null, null)).toContain('nothing is published')
      // A day is waited for after the end of a period.
      expect(
        whyStale({ pipeline }, { asOf: '2026-07-01T00:00:00Z', staleAfter: null }, Date.parse('2026-10-01T12:00:00Z')),
      ).toBeNull()
      expect(whyStale({ pipeline: { ...pipeline, schedule: undefined } }, undefined, now)).toBeNull()
    })

    it('makes a problem of it for those who ask by --fail-if-stale', async () => {
      const schema = await openFreshSchema()
      const definition = makeDefinition({})
      const there = { ...definition, target: { ...definition.target, schema: schema.schema } }
      expect(await lookAtFreshness(environment(), there, false)).toMatchObject([{ outcome: 'warning' }])
      expect(await lookAtFreshness(environment(), there, true)).toMatchObject([{ outcome: 'problem' }])
      await schema.close()
    })
  })

  describe('of the machine', () => {
    it('finds a full disk, little memory, an old Node and old time zones', async () => {
      // No room is left in what the kernel makes up.
      expect((await lookAtMachine({ 'the cache': '/proc' }))[0]).toMatchObject({ outcome: 'problem' })
      const small = { memoryBytes: GIB, freeBytes: GIB / 2, node: '22.17.1', zones: '2023c', year: 2026 }
      expect(machineChecks(small).map(({ name, outcome }) => `${name} ${outcome}`)).toEqual([
        'memory warning',
        'versions problem',
        'time-zone data warning',
      ])
      const fine = { memoryBytes: 8 * GIB, freeBytes: GIB, node: '22.18.0', zones: '2026a', year: 2026 }
      expect(machineChecks(fine).every(({ outcome }) => outcome === 'ok')).toBe(true)
    })

    it('says of secrets whether they are set, and never what they are', () => {
      const checks = lookAtKeys(readEnvironment({ SHOP_URL: 'postgres://ada:hidden@db/shop' }), [
        'SHOP_URL',
        'LAKE_URL',
      ])
      expect(named(checks, 'secrets')).toEqual(['problem: not set: LAKE_URL'])
      expect(named(checks, 'ledger key')[0]).toMatch(/^warning: /)
      const set = lookAtKeys(readEnvironment({ SHOP_URL: 'hidden', RESEGMENT_LEDGER_KEY: 'hidden' }), ['SHOP_URL'])
      expect(set.map(({ outcome }) => outcome)).toEqual(['ok', 'ok'])
      expect(JSON.stringify([checks, set])).not.toContain('hidden')
    })
  })

  it('gives up a look that gets no answer', async () => {
    const [check] = await look('asleep', () => new Promise(() => {}), { longestMs: 20 })
    expect(check).toMatchObject({ name: 'asleep', outcome: 'problem', message: 'no answer in 0.02 s' })
  })
})
