import type { Pipeline } from '../plan/pipeline.ts'
import { findProblems, resolveFeatures } from '../stages/features/resolve-features.ts'
import type { Finding } from './yaml-file.ts'

/** Without a category, k-prototypes are k-means by another name and slower. */
export function checkMixed({ cluster, features }: Pipeline): readonly Finding[] {
  // Features that cannot be resolved are a problem of their own.
  if (cluster.method !== 'mixed' || findProblems(features).length > 0) return []
  if (resolveFeatures(features).some(({ type }) => type === 'category')) return []
  return [
    {
      path: ['cluster', 'method'],
      came: 'mixed without a feature that is a category',
      wanted: 'a category among the features, such as attribute or country, or method: kmeans',
    },
  ]
}
