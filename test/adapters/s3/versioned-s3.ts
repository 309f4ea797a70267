import { spawn } from 'node:child_process'
import { mkdtempSync, mkdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ListBucketsCommand, S3Client } from '@aws-sdk/client-s3'
import getPort from 'get-port'
import { findServer } from '../../../src/adapters/embedded/server-binary.ts'
import { VERSITYGW } from '../../../src/adapters/embedded/server-program.ts'
import { readEnvironment } from '../../../src/config/environment.ts'

export interface VersionedS3 {
  readonly connection: {
    readonly endpoint: string
    readonly region: string
    readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string }
  }
  readonly client: S3Client
  close(): Promise<void>
}

/** The embedded server's program, told to keep versions, which ours does not; undefined where its disk can't have them. */
export async function openVersionedS3(): Promise<VersionedS3 | undefined> {
  const { variables, cacheFolder } = readEnvironment()
  const binary = await findServer(VERSITYGW, { variables, cacheFolder, signal: undefined, onStep: () => undefined })
  const folder = mkdtempSync(join(tmpdir(), 'resegment-versions-'))
  for (const name of ['objects', 'versions']) mkdirSync(join(folder, name))
  const [port, region] = [await getPort(), 'us-east-1']
  const credentials = { accessKeyId: 'versions', secretAccessKey: 'versions-of-a-test' }
  const child = spawn(
    binary,
    [
      ...['--port', `127.0.0.1:${port}`, '--region', region, '--quiet'],
      ...['posix', '--versioning-dir', join(folder, 'versions'), join(folder, 'objects')],
    ],
    {
      env: { ROOT_ACCESS_KEY: credentials.accessKeyId, ROOT_SECRET_KEY: credentials.secretAccessKey },
      stdio: 'ignore',
    },
  )
  const exited = new Promise<void>((done) => child.once('exit', () => done()))
  const endpoint = `http://127.0.0.1:${port}`
  const client = new S3Client({ endpoint, region, credentials, forcePathStyle: true })
  const close = async (): Promise<void> => {
    client.destroy()
    child.kill('SIGTERM')
    await exited
    rmSync(folder, { recursive: true, force: true })
  }
  while (child.exitCode === null) {
    const answers = await client.send(new ListBucketsCommand({})).then(
      () => true,
      () => false,
    )
    if (answers) return { connection: { endpoint, region, credentials }, client, close }
    await new Promise((passed) => setTimeout(passed, 100))
  }
  await close()
  return undefined
}
