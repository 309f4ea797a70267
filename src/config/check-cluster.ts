import type { Pipeline } from '../plan/pipeline.ts'
import type { MethodProblem } from '../stages/cluster/method-problem.ts'
import type { NearColumn, ReadableColumns } from '../stages/cluster/readable-columns.ts'
import { findHybridProblems } from '../stages/cluster/hybrid/find-hybrid-problems.ts'
import { findRfmProblems } from '../stages/cluster/rfm/find-rfm-problems.ts'
import { groupsOf } from '../stages/cluster/rfm/config.ts'
import { findRuleProblems } from '../stages/cluster/rules/find-rule-problems.ts'
import { cutOf, tierCount } from '../stages/cluster/tiers/config.ts'
import { findTierProblems } from '../stages/cluster/tiers/find-tier-problems.ts'
import { knownColumns } from '../stages/features/known-columns.ts'
import { findProblems, resolveFeatures } from '../stages/features/resolve-features.ts'
import { checkHierarchy } from './check-hierarchy.ts'
import { checkMixed } from './check-mixed.ts'
import { checkPredictive } from './check-predictive.ts'
import { suggestName } from './describe-value.ts'
import type { Finding } from './yaml-file.ts'

/** What a method asks for against what the pipeline has; a schema sees only the method. */
export function checkCluster(pipeline: Pipeline): readonly Finding[] {
  const { cluster } = pipeline
  if ('count' in cluster) return [...checkCount(cluster.count), ...checkMixed(pipeline)]
  if (cluster.method === 'hierarchy') return checkHierarchy(cluster)
  if (cluster.method === 'predictive') return checkPredictive(pipeline)
  // Features that cannot be resolved are named as such; what would be said here of their columns would only confuse.
  if (findProblems(pipeline.features).length > 0) return []
  const { columns, unpinned } = knownColumns(resolveFeatures(pipeline.features))
  const readable: ReadableColumns = Object.fromEntries(columns.map(({ name, type, unit }) => [name, { type, unit }]))
  const near = (name: string): NearColumn | null => nearColumn(name, Object.keys(readable), unpinned)
  return problemsOf(cluster, readable, near).map(({ path, came, wanted, hint, unknown }) => ({
    path: ['cluster', ...path],
    came,
    wanted,
    hint: unknown ? suggestName(unknown.name, unknown.among) : (hint ?? null),
  }))
}

/** How many clusters there will be, for people. */
export function clustersInWords({ cluster }: Pipeline): string {
  switch (cluster.method) {
    case 'kmeans':
    case 'mixed':
    case 'mixture': {
      const { count } = cluster
      return `${typeof count === 'number' ? count : `${count.from} to ${count.to}`} clusters`
    }
    case 'hierarchy':
      return `levels of at most ${cluster.levels.map(({ count }) => count).join(', ')} clusters`
    case 'rfm':
      return `${groupsOf(cluster).length} groups by recency, frequency and monetary value`
    case 'rules':
      return cluster.rules.length === 1 ? '1 rule' : `${cluster.rules.length} rules`
    case 'predictive':
      return `bands of ${cluster.by.join(' and ')}`
    case 'tiers':
      return `${tierCount(cutOf(cluster))} tiers of ${cluster.feature}`
    case 'hybrid':
      return `${cluster.layers.length} layers (${cluster.layers.map(({ name }) => name).join(', ')})`
  }
}

function problemsOf(
  cluster: Extract<Pipeline['cluster'], { method: 'hybrid' | 'rfm' | 'rules' | 'tiers' }>,
  columns: ReadableColumns,
  near: (name: string) => NearColumn | null,
): readonly MethodProblem[] {
  switch (cluster.method) {
    case 'rfm':
      return findRfmProblems(cluster, columns, near)
    case 'rules':
      return findRuleProblems(cluster, columns, near)
    case 'tiers':
      return findTierProblems(cluster, columns, near)
    case 'hybrid':
      return findHybridProblems(cluster, columns, near)
  }
}

/** A composition by its bare name, or a level of one that is not pinned. */
function nearColumn(name: string, columns: readonly string[], unpinned: readonly string[]): NearColumn | null {
  const [instance] = name.split(':')
  if (unpinned.includes(instance!))
    return {
      wanted: `${instance} with levels that every run has`,
      hint: `Pin them under features: { ${instance}: { levels: [...] } }; each is then a column ${instance}:level.`,
    }
  const levels = columns.filter((column) => column.startsWith(`${instance}:`))
  return levels.length === 0 ? null : { wanted: `one of its levels: ${levels.map((level) => `"${level}"`).join(', ')}` }
}

function checkCount(count: Extract<Pipeline['cluster'], { method: 'kmeans' }>['count']): readonly Finding[] {
  if (typeof count === 'number' || count.from <= count.to) return []
  return [{ path: ['cluster', 'count'], came: `from ${count.from} to ${count.to}`, wanted: 'from at most to' }]
}
