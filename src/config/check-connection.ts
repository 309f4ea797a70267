import type { Project } from '../plan/project.ts'
import { listNames, quote, suggestName } from './describe-value.ts'
import type { Finding, KeyPath } from './yaml-file.ts'

/** A connection that is named must be there, and of the right kind. */
export function checkConnection(
  project: Project,
  kind: 'postgres' | 's3',
  name: string,
  path: KeyPath,
): readonly Finding[] {
  const connection = project.connections[name]
  if (connection && kind in connection) return []
  const ofKind = Object.keys(project.connections).filter((known) => kind in project.connections[known]!)
  const wanted = listNames(`a ${kind} connection of resegment.yaml`, ofKind)
  const came = connection ? `${quote(name)}, a ${'s3' in connection ? 's3' : 'postgres'} connection` : quote(name)
  return [{ path, came, wanted, hint: connection ? null : suggestName(name, ofKind) }]
}
