import { ConfigInvalid } from '../errors/config-invalid.ts'
import type { Definition } from '../plan/definition.ts'

type Connections = Definition['connections']
export type S3Connection = Extract<Connections[string], { readonly s3: unknown }>['s3']

/** @returns name of the secret that holds the connection's URL @throws ConfigInvalid */
export function findPostgres(connections: Connections, name: string): string {
  const connection = connections[name]
  if (connection && 'postgres' in connection) return connection.postgres.secret
  throw notThere(name, 'postgres')
}

/** @throws ConfigInvalid */
export function findS3(connections: Connections, name: string): S3Connection {
  const connection = connections[name]
  if (connection && 's3' in connection) return connection.s3
  throw notThere(name, 's3')
}

function notThere(name: string, kind: 'postgres' | 's3'): ConfigInvalid {
  return new ConfigInvalid(
    `The definition has no ${kind} connection "${name}".`,
    'Name it under connections of resegment.yaml, and deploy or run again.',
  )
}
