import type { Pipeline } from '../plan/pipeline.ts'
import type { LayerConfig } from '../stages/cluster/hybrid/config.ts'
import type { Finding } from './yaml-file.ts'

/** Checks the method of a pipeline, and of a hybrid also each layer as if it were the method. */
export function checkLayers(pipeline: Pipeline, check: (pipeline: Pipeline) => readonly Finding[]): readonly Finding[] {
  const { cluster } = pipeline
  const layers = cluster.method === 'hybrid' ? cluster.layers : []
  return [
    ...check(pipeline),
    ...layers.flatMap((layer, index) =>
      check({ ...pipeline, cluster: asMethod(layer, pipeline.cluster) }).map((finding) => ({
        ...finding,
        path: ['cluster', 'layers', index, ...finding.path.slice(1)],
      })),
    ),
  ]
}

/** A layer of k-means has no fallback: it takes what the layers before it leave. */
function asMethod(layer: LayerConfig, { refit, drift }: Pipeline['cluster']): Pipeline['cluster'] {
  const method = layer.method === 'kmeans' ? { ...layer, fallback: 'refuse' as const } : layer
  return { ...method, refit, drift }
}
