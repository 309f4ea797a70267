import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { parseAllDocuments } from 'yaml'

interface Container {
  readonly name: string
  readonly image: string
  readonly args: readonly string[]
  readonly ports?: readonly { name: string; containerPort: number }[]
  readonly volumeMounts: readonly { name: string }[]
  readonly securityContext: { readOnlyRootFilesystem: boolean }
  readonly [probe: `${string}Probe`]: { httpGet: { path: string; port: string } } | undefined
}
interface Pod {
  readonly containers: readonly Container[]
  readonly volumes: readonly { name: string }[]
  readonly securityContext: { runAsNonRoot: boolean }
}
interface Manifest {
  readonly kind: string
  readonly metadata: { name: string }
  readonly spec?: {
    selector?: { matchLabels: object }
    template: { metadata?: { labels: object; annotations: object }; spec: Pod }
  }
}

const text = readFileSync('ops/kubernetes/resegment.yaml', 'utf8')
const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string }
const manifests = parseAllDocuments(text).map((document) => {
  expect(document.errors).toEqual([])
  return document.toJS() as Manifest
})
const pods = manifests.flatMap(({ spec }) => spec?.template.spec ?? [])
const worker = manifests.find(({ kind }) => kind === 'Deployment')!.spec!
const container = worker.template.spec.containers[0]!

describe('manifests for Kubernetes', () => {
  it('run this version as nobody, on a root file system that nobody writes to', () => {
    expect(pods).toHaveLength(2)
    for (const pod of pods) {
      expect(pod.securityContext.runAsNonRoot).toBe(true)
      for (const { image, securityContext, volumeMounts } of pod.containers) {
        expect(image).toBe(`resegment:${version}`)
        expect(securityContext.readOnlyRootFilesystem).toBe(true)
        expect(pod.volumes.map(({ name }) => name)).toEqual(
          expect.arrayContaining(volumeMounts.map(({ name }) => name)),
        )
      }
    }
  })

  it('migrate with a job of the version', () => {
    expect(manifests.find(({ kind }) => kind === 'Job')?.metadata.name).toBe(
      `resegment-migrate-${version.replaceAll('.', '-')}`,
    )
  })

  it('ask for health and metrics where the worker tells them', () => {
    const ports = new Map(container.ports?.map(({ name, containerPort }) => [name, containerPort]))
    expect(container.args).toEqual(
      expect.arrayContaining(['--metrics', `:${ports.get('metrics')}`, '--health', `:${ports.get('health')}`]),
    )
    expect(worker.template.metadata!.annotations).toMatchObject({ 'prometheus.io/port': `${ports.get('metrics')}` })
    expect(container.livenessProbe?.httpGet).toEqual({ path: '/healthz', port: 'health' })
    expect(container.readinessProbe?.httpGet).toEqual({ path: '/readyz', port: 'health' })
  })

  it('select the pods that they make', () =>
    expect(worker.template.metadata!.labels).toEqual(worker.selector!.matchLabels))
})
