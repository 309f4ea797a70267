import type { Pipeline } from '../plan/pipeline.ts'
import type { Project } from '../plan/project.ts'
import type { Source } from '../stages/extract/config.ts'
import { describeValue, listNames, quote, suggestName } from './describe-value.ts'
import type { Finding, KeyPath } from './yaml-file.ts'

export const transactionColumns = ['customer_id', 'occurred_at', 'order_id', 'amount'] as const

/** Names of other parts of the project that `resegment.yaml` uses. */
export function checkProjectReferences(project: Project): readonly Finding[] {
  const sources = Object.entries(project.sources)
  return [
    ...sources.flatMap(([name, { from }]) =>
      'connection' in from
        ? checkConnection(project, 'postgres', from.connection, ['sources', name, 'from', 'connection'])
        : [],
    ),
    ...sources.flatMap(([name, source]) => checkZone(source.timezone, ['sources', name, 'timezone'])),
    ...sources.flatMap(([name, source]) => checkTypes(source, ['sources', name, 'types'])),
    ...(project.targets.dev
      ? []
      : [
          { path: ['targets'], ofKey: true, came: describeValue(project.targets), wanted: 'a target dev, the default' },
        ]),
    ...checkTargetsApart(project),
  ]
}

/** Names of sources and connections that a pipeline uses. */
export function checkPipelineReferences(pipeline: Pipeline, project: Project): readonly Finding[] {
  const { transactions, customers } = pipeline.extract
  return [
    ...checkSource(project, transactions, ['extract', 'transactions'], transactionColumns),
    ...(customers === undefined ? [] : checkSource(project, customers, ['extract', 'customers'], ['customer_id'])),
    ...checkConnection(project, 'postgres', pipeline.publish.warehouse, ['publish', 'warehouse']),
    ...(pipeline.publish.s3 === undefined
      ? []
      : checkConnection(project, 's3', pipeline.publish.s3, ['publish', 's3'])),
  ]
}

function checkConnection(project: Project, kind: 'postgres' | 's3', name: string, path: KeyPath): readonly Finding[] {
  const connection = project.connections[name]
  if (connection && kind in connection) return []
  const ofKind = Object.keys(project.connections).filter((known) => kind in project.connections[known]!)
  const wanted = listNames(`a ${kind} connection of resegment.yaml`, ofKind)
  const came = connection ? `${quote(name)}, a ${Object.keys(connection).join()} connection` : quote(name)
  return [{ path, came, wanted, hint: connection ? null : suggestName(name, ofKind) }]
}

function checkSource(project: Project, name: string, path: KeyPath, needed: readonly string[]): readonly Finding[] {
  const names = Object.keys(project.sources)
  const source = project.sources[name]
  if (!source)
    return [
      {
        path,
        came: quote(name),
        wanted: listNames('a source of resegment.yaml', names),
        hint: suggestName(name, names),
      },
    ]
  const missing = needed.filter((column) => !(column in source.columns))
  if (missing.length === 0) return []
  return [
    {
      path,
      came: `source ${name}, which maps ${Object.keys(source.columns).join(', ') || 'no columns'}`,
      wanted: `a source that also maps ${missing.join(', ')}; add to sources.${name}.columns in resegment.yaml`,
      hint: suggestName(missing[0]!, Object.keys(source.columns)),
    },
  ]
}

/** Two targets that share a schema or a prefix would publish over each other. */
function checkTargetsApart({ targets }: Project): readonly Finding[] {
  const entries = Object.entries(targets)
  return entries.flatMap(([name, target], index) =>
    entries
      .slice(0, index)
      .flatMap(([other, { schema, prefix }]) => [
        ...(schema === target.schema ? [sharedBy('schema', name, other, schema)] : []),
        ...(prefix === target.prefix ? [sharedBy('prefix', name, other, prefix)] : []),
      ]),
  )
}

function sharedBy(key: 'schema' | 'prefix', name: string, other: string, value: string): Finding {
  return {
    path: ['targets', name, key],
    came: `${quote(value)}, which is also that of target ${other}`,
    wanted: `another ${key}, so that ${name} and ${other} cannot publish over each other`,
  }
}

/** Only CSV columns need types: a table and a Parquet file have their own. */
function checkTypes({ from, types }: Source, path: KeyPath): readonly Finding[] {
  if (Object.keys(types).length === 0 || ('file' in from && !from.file.endsWith('.parquet'))) return []
  return [
    {
      path,
      ofKey: true,
      came: describeValue(types),
      wanted: 'no types here: only columns of CSV files are declared, tables and Parquet files have their own types',
    },
  ]
}

export function checkZone(zone: string | undefined, path: KeyPath): readonly Finding[] {
  if (zone === undefined || isZone(zone)) return []
  const hint = suggestName(zone, Intl.supportedValuesOf('timeZone'))
  return [{ path, came: quote(zone), wanted: 'an IANA time zone, such as Europe/Berlin', hint }]
}

function isZone(name: string): boolean {
  if (/^[+-]\d/.test(name)) return false
  try {
    new Intl.DateTimeFormat('en', { timeZone: name })
    return true
  } catch {
    return false
  }
}
