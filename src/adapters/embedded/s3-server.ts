import { existsSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { ListBucketsCommand, S3Client } from '@aws-sdk/client-s3'
import { ServerNotStarted } from '../../errors/server-not-started.ts'
import { launchServer, type RunningServer } from './running-server.ts'
import type { ServerStart } from './server-start.ts'
import type { StateSecrets } from './state-folder.ts'

const REGION = 'us-east-1'

/**
 * versitygw over a folder: buckets are folders, objects plain files. Its metadata are extended attributes of the files where the
 * file system has them, otherwise files in a folder beside it.
 */
export async function startS3(start: ServerStart, binary: string, secrets: StateSecrets): Promise<RunningServer> {
  const besideFolder = join(start.stateFolder, 'object-metadata')
  // Decided at the first start and then kept: objects written one way have no metadata the other way.
  if (existsSync(besideFolder)) return startGateway(start, binary, secrets, ['--sidecar', besideFolder])
  try {
    return await startGateway(start, binary, secrets, [])
  } catch (error) {
    if (!(error instanceof ServerNotStarted) || !/xattrs? (are )?not supported/.test(error.message)) throw error
    await mkdir(besideFolder)
    return startGateway(start, binary, secrets, ['--sidecar', besideFolder])
  }
}

async function startGateway(
  start: ServerStart,
  binary: string,
  secrets: StateSecrets,
  metadata: readonly string[],
): Promise<RunningServer> {
  const folder = join(start.stateFolder, 's3')
  await mkdir(folder, { recursive: true })
  const [port] = await start.freePorts(1)
  const endpoint = `http://127.0.0.1:${port}`
  const credentials = { accessKeyId: secrets.s3AccessKeyId, secretAccessKey: secrets.s3SecretAccessKey }
  const server = (process: RunningServer['process']): RunningServer => ({
    kind: 's3',
    process,
    ports: [port!],
    endpoints: { s3: endpoint },
    overrides: {
      S3_ENDPOINT: endpoint,
      AWS_ACCESS_KEY_ID: credentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
      AWS_REGION: REGION,
      RESEGMENT_EMBEDDED_S3: '1',
    },
  })
  const client = new S3Client({ endpoint, region: REGION, credentials, forcePathStyle: true, maxAttempts: 1 })
  try {
    const process = await launchServer({
      kind: 's3',
      title: 'The S3 server',
      program: binary,
      args: ['--port', `127.0.0.1:${port}`, '--region', REGION, '--quiet', 'posix', ...metadata, folder],
      // By environment, so that the keys do not show in the list of processes.
      env: {
        ...start.env,
        ROOT_ACCESS_KEY: credentials.accessKeyId,
        ROOT_SECRET_KEY: credentials.secretAccessKey,
      },
      cwd: start.stateFolder,
      logPath: start.logPath('s3'),
      signal: start.signal,
      healthy: async () => void (await client.send(new ListBucketsCommand({}))),
      spawned: (identity) => start.spawned(server(identity)),
    })
    return server(process)
  } finally {
    client.destroy()
  }
}
