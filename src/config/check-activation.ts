import type { Pipeline } from '../plan/pipeline.ts'
import type { Project } from '../plan/project.ts'
import { findProblems, resolveFeatures } from '../stages/features/resolve-features.ts'
import type { DestinationConfig } from '../stages/publish/activation/config.ts'
import { namedSegments } from '../stages/publish/activation/triggers.ts'
import { checkConnection } from './check-connection.ts'
import { checkWebhookUrl } from './check-webhook-url.ts'
import { listNames, quote, suggestName } from './describe-value.ts'
import type { Finding } from './yaml-file.ts'

/** Methods whose segments have no names of their own: only people name them. */
const WITHOUT_NAMES: readonly string[] = ['kmeans', 'mixture', 'mixed', 'hierarchy']

/** Addresses, connections, features and segments that destinations name. */
export function checkActivation(pipeline: Pipeline, project: Project): readonly Finding[] {
  return Object.entries(pipeline.activate ?? {}).flatMap(([name, config]) => [
    ...checkKind(name, config, pipeline, project),
    ...checkSegmentNames(name, config, pipeline),
  ])
}

function checkKind(name: string, config: DestinationConfig, pipeline: Pipeline, project: Project): readonly Finding[] {
  const path = ['activate', name]
  switch (config.kind) {
    case 'webhook':
      return checkWebhookUrl(
        config.url,
        config.allowHttp,
        [...path, 'url'],
        'https://crm.example/segments, or { secret: CRM_URL }',
      )
    case 'csv':
      return [
        ...checkConnection(project, 's3', config.connection, [...path, 'connection']),
        ...checkChannel(config.channel, pipeline, [...path, 'channel']),
      ]
    case 'table':
      return checkConnection(project, 'postgres', config.connection, [...path, 'connection'])
  }
}

function checkChannel(
  channel: string | undefined,
  { features }: Pipeline,
  path: readonly string[],
): readonly Finding[] {
  if (channel === undefined || findProblems(features).length > 0) return []
  const categories = resolveFeatures(features).flatMap(({ column, type }) => (type === 'category' ? [column] : []))
  if (categories.includes(channel)) return []
  const wanted = listNames('a feature of the pipeline that is a category', categories)
  return [{ path, came: quote(channel), wanted, hint: suggestName(channel, categories) }]
}

function checkSegmentNames(name: string, config: DestinationConfig, pipeline: Pipeline): readonly Finding[] {
  const given = Object.keys(pipeline.segments)
  const own = new RegExp(`^${pipeline.pipeline}-[1-9]\\d*$`)
  return namedSegments(config).flatMap(({ path, segment }) => {
    if (own.test(segment) || given.includes(segment) || !WITHOUT_NAMES.includes(pipeline.cluster.method)) return []
    return [
      {
        path: ['activate', name, ...path],
        came: quote(segment),
        wanted: `a segment_key of this pipeline, such as ${pipeline.pipeline}-3, or a name under segments`,
        hint: suggestName(segment, given),
      },
    ]
  })
}
