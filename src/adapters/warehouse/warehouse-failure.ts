import { ConnectionFailed, isNetworkFailure } from '../../errors/connection-failed.ts'
import { PermissionDenied } from '../../errors/permission-denied.ts'
import { ResegmentError } from '../../errors/resegment-error.ts'
import { RowsRefused } from '../../errors/rows-refused.ts'
import { WarehouseBusy } from '../../errors/warehouse-busy.ts'
import { WarehouseFull } from '../../errors/warehouse-full.ts'
import { WarehouseNotMigrated } from '../../errors/warehouse-not-migrated.ts'

const refused = new Set(['28P01', '28000', '42501', '3D000'])
const missing = new Set(['3F000', '42P01', '42703'])
const passing = new Set(['40001', '40P01', '57P01', '57P02', '57P03', '57014', '53300', '53400', '25P03'])
/** 53100 disk, 53200 memory, 53000 either; 58030 is what a disk says that can't be written to. */
const exhausted = new Set(['53000', '53100', '53200', '58030'])
/** Classes of PostgreSQL's Appendix A about values: the same rows meet the same refusal. 54000: a key longer than an index takes. */
const unfit = /^(22|23|54000)/

/** `port 5432 of db.example, database shop, user loader`: never the password. */
export function nameWarehouse(connectionString: string): string {
  try {
    const url = new URL(connectionString)
    const user = decodeURIComponent(url.username) || 'default'
    return `${url.hostname || 'local socket'}:${url.port || '5432'}, database ${url.pathname.slice(1) || 'default'}, user ${user}`
  } catch {
    return 'the address in the connection secret, which is not a URL'
  }
}

/** Translates what pg and Postgres say into failures that carry a remedy; what it does not know it returns as it came. */
export function toWarehouseFailure(error: unknown, warehouse: string, schema: string, secret?: string): unknown {
  if (error instanceof ResegmentError || !(error instanceof Error)) return error
  const code = codeOf(error)
  const said = `${error.message || code} (${code || 'no code'})`
  if (refused.has(code))
    return new PermissionDenied(
      `The warehouse at ${warehouse} refused: ${said}.`,
      `Check user, password, database and the rights on schema ${schema} of ${secret ?? "the connection's secret"}.`,
      { cause: error },
    )
  if (missing.has(code))
    return new WarehouseNotMigrated(
      `Schema ${schema} of the warehouse at ${warehouse} lacks something this version needs: ${said}.`,
      'Run `resegment migrate` for this target, then retry.',
      { cause: error },
    )
  if (
    isNetworkFailure(error) ||
    passing.has(code) ||
    code.startsWith('08') ||
    /Connection terminated|timeout exceeded when trying to connect|not queryable|Client was closed/.test(error.message)
  )
    return new ConnectionFailed(
      `The warehouse at ${warehouse} cannot be reached or broke off: ${said}.`,
      'See that the server is up and reachable from this worker; the run goes on by itself.',
      { cause: error },
    )
  if (code === '55P03')
    return new WarehouseBusy(
      `The warehouse at ${warehouse} is kept waiting by a lock of somebody else: ${said}.`,
      `See who holds locks on schema ${schema}: \`select pid, usename, application_name, state, xact_start from pg_stat_activity where xact_start < now() - interval '1 minute'\`. The run goes on by itself when it is let go.`,
      { cause: error },
    )
  // After a failover the name may lead to a standby, or the disk be protected from filling up.
  if (code === '25006')
    return new ConnectionFailed(
      `The warehouse at ${warehouse} takes no writes now: ${said}.`,
      'See that the address leads to the server that is written to; the run goes on by itself.',
      { cause: error },
    )
  if (exhausted.has(code))
    return new WarehouseFull(
      `The warehouse at ${warehouse} has no room left: ${said}.`,
      'Give the server more room, or remove what nobody needs; the run goes on by itself. Consumers see what they saw before.',
      { cause: error },
    )
  if (unfit.test(code))
    return new RowsRefused(
      `The warehouse at ${warehouse} cannot hold a value of the rows: ${said.replace(/"[^"]*"(?=: )|(?<=: )"[^"]*"/g, '…')}.`,
      'Look for ids with a zero character or of more than 2,000 characters; cleanse or correct the source, then start the next revision.',
      { cause: error },
    )
  return error
}

function codeOf(error: Error): string {
  // Several addresses of one host fail together: the first one speaks.
  if (error instanceof AggregateError && error.errors[0] instanceof Error) return codeOf(error.errors[0])
  const { code } = error as { code?: unknown }
  return typeof code === 'string' ? code : ''
}
