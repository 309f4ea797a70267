import { quoteText } from '../../sql/sql-text.ts'
import { Client, DatabaseError } from 'pg'
import { ConfigInvalid } from '../../errors/config-invalid.ts'
import { ConnectionFailed } from '../../errors/connection-failed.ts'

const CONNECT_TIMEOUT_MS = 30_000
const KEEP_ALIVE_AFTER_MS = 10_000
/** Connections that wait for their turn hold the snapshot: a server that ends idle transactions would end the reading. */
const SETTINGS = `SET LOCAL TimeZone = 'UTC'; SET LOCAL DateStyle = 'ISO, YMD'; SET LOCAL extra_float_digits = 1;
  SET LOCAL idle_in_transaction_session_timeout = 0`
/** No such function, not supported, not during recovery, not allowed: what servers without shared snapshots answer. */
const NOT_SHARED = /^(42883|0A000|55000|42501)$/

export interface SnapshotOptions {
  /** `postgres://user:password@host:5432/database`; never printed. */
  readonly connectionUrl: string
  /** Name of the connection in the project, for messages. */
  readonly connectionName: string
  /** Connections at once. Default: 2. */
  readonly maxParallel?: number
  /** How long one statement may take. Default: as long as the server lets it. */
  readonly statementTimeoutMs?: number
}

/**
 * One moment of a database, seen by several connections. Every statement is inside one transaction a connection and settings are local to
 * it, so that a pooler which lends connections for a transaction (PgBouncer) may stand between.
 */
export class Snapshot {
  private readonly options: SnapshotOptions
  private limit: number
  private leader: Promise<Client> | undefined
  /** Null: only the leader sees this moment. */
  private sharedId: string | null = null
  private readonly idle: Client[] = []
  private readonly clients = new Set<Client>()
  private readonly waiting: (() => void)[] = []
  private busy = 0
  private leaderLost = false

  constructor(options: SnapshotOptions) {
    this.options = options
    this.limit = options.maxParallel ?? 2
  }

  /** Work on a connection of the snapshot. A statement that fails leaves the others' work and later work as they are. */
  async use<T>(work: (client: Client) => Promise<T>, signal?: AbortSignal): Promise<T> {
    signal?.throwIfAborted()
    const leader = await (this.leader ??= this.lead())
    await this.turn()
    let client: Client | undefined
    // Ends the socket under a statement that would otherwise run to its end.
    const stop = (): void => void client?.end().catch(() => undefined)
    try {
      signal?.throwIfAborted()
      if (this.leaderLost)
        throw new ConnectionFailed(
          `The connection that holds the snapshot of ${this.options.connectionName} was lost.`,
          'It is tried again.',
        )
      client = this.idle.pop() ?? (await this.follow())
      signal?.addEventListener('abort', stop, { once: true })
      await client.query('SAVEPOINT work')
      const result = await work(client)
      await client.query('RELEASE SAVEPOINT work')
      this.idle.push(client)
      return result
    } catch (error) {
      if (client) await this.takeBack(client, leader, error)
      signal?.throwIfAborted()
      throw error
    } finally {
      signal?.removeEventListener('abort', stop)
      this.busy--
      this.waiting.shift()?.()
    }
  }

  async close(): Promise<void> {
    await Promise.all([...this.clients].map((client) => client.end().catch(() => undefined)))
    this.clients.clear()
  }

  private async turn(): Promise<void> {
    while (this.busy >= this.limit) await new Promise<void>((resolve) => this.waiting.push(resolve))
    this.busy++
  }

  private async takeBack(client: Client, leader: Client, error: unknown): Promise<void> {
    const usable =
      error instanceof DatabaseError &&
      (await client.query('ROLLBACK TO SAVEPOINT work').then(
        () => true,
        () => false,
      ))
    if (usable) return void this.idle.push(client)
    if (client === leader) this.leaderLost = true
    this.clients.delete(client)
    await client.end().catch(() => undefined)
  }

  private async lead(): Promise<Client> {
    const client = await this.connect()
    await this.begin(client)
    if (this.limit > 1)
      try {
        const { rows } = await client.query<{ id: string }>('SELECT pg_export_snapshot() AS id')
        this.sharedId = rows[0]!.id
      } catch (error) {
        if (!(error instanceof DatabaseError && NOT_SHARED.test(error.code ?? ''))) throw error
        await client.query('ROLLBACK')
        await this.begin(client)
        this.limit = 1
      }
    this.idle.push(client)
    return client
  }

  private async follow(): Promise<Client> {
    const client = await this.connect()
    await this.begin(client, this.sharedId)
    return client
  }

  private async begin(client: Client, snapshotId: string | null = null): Promise<void> {
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY')
    if (snapshotId !== null) await client.query(`SET TRANSACTION SNAPSHOT ${quoteText(snapshotId)}`)
    const { statementTimeoutMs } = this.options
    const timeout = statementTimeoutMs === undefined ? '' : `; SET LOCAL statement_timeout = ${statementTimeoutMs}`
    await client.query(SETTINGS + timeout)
  }

  private async connect(): Promise<Client> {
    const { connectionUrl, connectionName } = this.options
    if (!URL.canParse(connectionUrl))
      throw new ConfigInvalid(
        `The secret of connection ${connectionName} is not a URL.`,
        'Set it to postgres://user:password@host:5432/database, with special characters of the password percent-encoded.',
      )
    const client = new Client({
      connectionString: connectionUrl,
      application_name: 'resegment extract',
      connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
      // A peer that vanished would otherwise be waited for without end.
      keepAlive: true,
      keepAliveInitialDelayMillis: KEEP_ALIVE_AFTER_MS,
    })
    // A connection that breaks outside a query would otherwise end the process.
    client.on('error', () => undefined)
    this.clients.add(client)
    await client.connect()
    return client
  }
}
