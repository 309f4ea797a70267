import { loadClientConfigProfile } from '@temporalio/envconfig'
import type { Endpoints } from './running-server.ts'

/**
 * Servers that the environment names: used, never started or stopped by us. Temporal counts as given by its address, a profile or a
 * config file that is named; a default profile in the home folder alone does not lead a demo to somebody's production. Addresses are for people
 * to read: the password of the warehouse is not in them.
 */
export function givenServers(variables: Readonly<Record<string, string | undefined>>): Partial<Endpoints> {
  const { TEMPORAL_ADDRESS, TEMPORAL_PROFILE, TEMPORAL_CONFIG_FILE, WAREHOUSE_URL, S3_ENDPOINT } = variables
  return {
    ...(TEMPORAL_ADDRESS || TEMPORAL_PROFILE || TEMPORAL_CONFIG_FILE ? { temporal: temporalAddress(variables) } : {}),
    ...(WAREHOUSE_URL ? { warehouse: withoutPassword(WAREHOUSE_URL) } : {}),
    ...(S3_ENDPOINT ? { s3: S3_ENDPOINT } : {}),
  }
}

function temporalAddress(variables: Readonly<Record<string, string | undefined>>): string {
  const overrideEnvVars = Object.fromEntries(
    Object.entries(variables).filter((entry): entry is [string, string] => entry[1] !== undefined),
  )
  return loadClientConfigProfile({ overrideEnvVars }).address ?? 'localhost:7233'
}

function withoutPassword(connectionString: string): string {
  if (!URL.canParse(connectionString)) return '$WAREHOUSE_URL'
  const { protocol, username, host, pathname } = new URL(connectionString)
  return `${protocol}//${username && `${username}@`}${host}${pathname}`
}
