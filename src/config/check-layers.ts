import type { Pipeline } from '../plan/pipeline.ts'
import type { Finding } from './yaml-file.ts'

/** Checks the method of a pipeline, and of a hybrid also each layer as if it were the method. */
export function checkLayers(pipeline: Pipeline, check: (pipeline: Pipeline) => readonly Finding[]): readonly Finding[] {
  const { cluster } = pipeline
  const layers = cluster.method === 'hybrid' ? cluster.layers : []
  return [
    ...check(pipeline),
    ...layers.flatMap((layer, index) =>
      check({ ...pipeline, cluster: { fallback: 'refuse', ...layer } }).map((finding) => ({
        ...finding,
        path: ['cluster', 'layers', index, ...finding.path.slice(1)],
      })),
    ),
  ]
}
