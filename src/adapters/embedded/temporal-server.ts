import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Connection } from '@temporalio/client'
import { launchServer, type RunningServer } from './running-server.ts'
import type { ServerStart } from './server-start.ts'

/** Search attributes of a run: the list in the Temporal contract. */
const SEARCH_ATTRIBUTES = [
  'ResegmentPipeline=Keyword',
  'ResegmentRun=Keyword',
  'ResegmentStage=Keyword',
  'ResegmentOutcome=Keyword',
  'ResegmentAsOf=Keyword',
]
/** The dev server's own 24 h would forget yesterday's failed run before somebody can reset it. */
const RETENTION_SECONDS = 90 * 24 * 60 * 60
const NAMESPACE = 'default'

/** Temporal's development server with a database file and its UI. */
export async function startTemporal(start: ServerStart, binary: string): Promise<RunningServer> {
  const [port, uiPort] = await start.freePorts(2)
  const address = `127.0.0.1:${port}`
  const configFile = join(start.stateFolder, 'temporal.toml')
  await writeFile(configFile, `[profile.default]\naddress = "${address}"\nnamespace = "${NAMESPACE}"\n`)
  const server = (process: RunningServer['process']): RunningServer => ({
    kind: 'temporal',
    process,
    ports: [port!, uiPort!],
    endpoints: { temporal: address, temporalUi: `http://127.0.0.1:${uiPort}` },
    overrides: {
      TEMPORAL_ADDRESS: address,
      TEMPORAL_NAMESPACE: NAMESPACE,
      TEMPORAL_TLS: 'false',
      RESEGMENT_TEMPORAL_UI: `http://127.0.0.1:${uiPort}`,
      // Not the user's own file: its default profile may hold a key or certificates for another server.
      TEMPORAL_CONFIG_FILE: configFile,
    },
  })
  const process = await launchServer({
    kind: 'temporal',
    title: 'The Temporal server',
    program: binary,
    args: [
      ...['server', 'start-dev', '--disable-config-env', '--disable-config-file'],
      ...['--ip', '127.0.0.1', '--port', String(port), '--ui-port', String(uiPort)],
      ...['--db-filename', join(start.stateFolder, 'temporal.db'), '--log-level', 'error'],
      ...SEARCH_ATTRIBUTES.flatMap((attribute) => ['--search-attribute', attribute]),
    ],
    env: start.env,
    cwd: start.stateFolder,
    logPath: start.logPath('temporal'),
    signal: start.signal,
    healthy: () => keepHistories(address),
    spawned: (identity) => start.spawned(server(identity)),
  })
  return server(process)
}

async function keepHistories(address: string): Promise<void> {
  const connection = await Connection.connect({ address, connectTimeout: '1s' })
  try {
    await connection.withDeadline(new Date(performance.timeOrigin + performance.now() + 5_000), async () => {
      await connection.workflowService.describeNamespace({ namespace: NAMESPACE })
      await connection.workflowService.updateNamespace({
        namespace: NAMESPACE,
        // seconds is a 64-bit Long in the protocol; a number of this size is the same.
        config: { workflowExecutionRetentionTtl: { seconds: RETENTION_SECONDS as never } },
      })
    })
  } finally {
    await connection.close()
  }
}
