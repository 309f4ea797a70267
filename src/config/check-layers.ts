import type { Pipeline } from '../plan/pipeline.ts'
import type { LayerConfig } from '../stages/cluster/hybrid/config.ts'
import { findProblems, resolveFeatures } from '../stages/features/resolve-features.ts'
import { listNames, quote, suggestName } from './describe-value.ts'
import type { Finding, KeyPath } from './yaml-file.ts'

/** Methods that group customers by the features themselves; others read those that they name. */
const BY_FEATURES: readonly LayerConfig['method'][] = ['kmeans', 'hierarchy', 'mixed', 'mixture']

/** Checks the method of a pipeline, and as if they were the method its fallback, and of a hybrid each layer. */
export function checkLayers(pipeline: Pipeline, check: (pipeline: Pipeline) => readonly Finding[]): readonly Finding[] {
  const { cluster } = pipeline
  const layers = cluster.method === 'hybrid' ? cluster.layers : []
  const fallback = cluster.method === 'kmeans' && cluster.fallback !== 'refuse' ? cluster.fallback : null
  return [
    ...check(pipeline),
    ...(fallback === null
      ? []
      : within(
          ['cluster', 'fallback'],
          check({ ...pipeline, cluster: { ...fallback, refit: cluster.refit, drift: cluster.drift } }),
        )),
    ...layers.flatMap((layer, index) => [
      ...within(['cluster', 'layers', index], check({ ...pipeline, cluster: asMethod(layer, cluster) })),
      ...checkFeatures(layer, pipeline, ['cluster', 'layers', index, 'features']),
    ]),
  ]
}

function within(path: KeyPath, findings: readonly Finding[]): readonly Finding[] {
  return findings.map((finding) => ({ ...finding, path: [...path, ...finding.path.slice(1)] }))
}

/** The part of the features that a layer has its groups by. */
function checkFeatures({ method, features }: LayerConfig, pipeline: Pipeline, path: KeyPath): readonly Finding[] {
  if (features === undefined) return []
  if (!BY_FEATURES.includes(method))
    return [
      {
        path,
        ofKey: true,
        came: `features of a layer of ${method}`,
        wanted: `none: ${method} reads what its keys name`,
      },
    ]
  if (findProblems(pipeline.features).length > 0) return []
  const specs = resolveFeatures(pipeline.features)
  const names = specs.map(({ column }) => column)
  const unknown = features.flatMap((name, index) =>
    names.includes(name)
      ? []
      : [
          {
            path: [...path, index],
            came: quote(name),
            wanted: listNames('a feature of the pipeline', names),
            hint: suggestName(name, names),
          },
        ],
  )
  if (unknown.length > 0 || method !== 'mixed') return unknown
  const hasCategory = specs.some(({ column, type }) => type === 'category' && features.includes(column))
  return hasCategory ? [] : [{ path, came: 'no category among them', wanted: 'a category, or method: kmeans' }]
}

/** A layer of k-means has no fallback: it takes what the layers before it leave. */
function asMethod(layer: LayerConfig, { refit, drift }: Pipeline['cluster']): Pipeline['cluster'] {
  const method = layer.method === 'kmeans' ? { ...layer, fallback: 'refuse' as const } : layer
  return { ...method, refit, drift }
}
